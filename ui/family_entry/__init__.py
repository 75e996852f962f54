"""Registration and recovery of parents: telephone, code, IIN, data of the register, password."""
