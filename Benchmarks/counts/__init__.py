"""What a call costs in instructions and heap allocations, whatever the machine and however busy it is."""
