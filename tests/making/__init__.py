"""What tests make and share: towns, nights, servers, faults. No test is here."""
