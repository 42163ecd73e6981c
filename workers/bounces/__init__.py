"""Bounces: reads mails that came back, and finds the delivery that each is about."""
