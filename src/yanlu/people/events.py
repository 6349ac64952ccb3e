"""What people writes to the journal."""

EVENTS = {
    "account.created": "Somebody got an account.",
    "account.phone_verified": "The account's phone answered a code.",
    "account.settled": "A resident's household was noted.",
    "account.made_administrator": "The account may use the whole editor.",
    "role.granted": "The account got a role over a place or in a unit.",
    "role.withdrawn": "The account lost a role.",
    "account.switched_off": "Nobody signs in by the account any more.",
    "account.second_factor_forgotten": "A lost second factor has to be set up anew.",
    "duty.set": "Somebody was put on duty for a place.",
    "unit.added": "An organisation was added.",
    "identity.opened": "Somebody looked at who a resident is; the row holds the reason.",
    "api_key.created": "A partner system got a key.",
    "api_key.revoked": "A partner system's key was made worthless.",
}
