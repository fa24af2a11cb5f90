"""Every command's result, as text and as JSON side by side: one module for each group of commands.

`registered` imports them all; a command that needs one imports that one, for each costs start-up time.
"""
