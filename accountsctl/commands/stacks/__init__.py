"""The commands about stacks: push, status, render, outputs, export, delete."""
