"""Many runs by design: pairs for a claim, a table for rival accounts, a calibration; resumable, by any workers."""
