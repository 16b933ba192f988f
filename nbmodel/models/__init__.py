"""The models that several themes share: terminals, receptors, blood, microdialysis, gain and detection."""
