"""One demo sign-in for each role, for the first look."""

from yanlu.project.demo.files import read


def lines() -> list[str]:
    """Role and sign-in, one a line; residents sign in by phone and the code on the console."""
    content = read("accounts")
    first: dict[str, str] = {}
    for row in content["staff"]:
        first.setdefault(row["role"], row["username"])
    staff = [f"  {role:<18} {name}" for role, name in first.items()]
    resident = content["residents"][0]
    return [
        f"Staff (/staff/), password {content['password']}:",
        *staff,
        f"Resident: phone {resident['phone']}, the code is printed here",
    ]
