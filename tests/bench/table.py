"""Shows the JSON line of a bench as a table: `table.py FILE`."""

import json
import sys


def main(file):
    with open(file, encoding="utf-8") as lines:
        bench = json.load(lines)
    print(f"{bench['bench']}: one thread, no network ({file})")
    print(f"{'':16}{'ns':>8}{'a second':>14}{'bytes':>8}")
    for name, row in bench["rows"].items():
        print(f"{name:16}{row['ns']:8.1f}{1e9 / row['ns']:14,.0f}{row['bytes']:8}")


if __name__ == "__main__":
    main(sys.argv[1])
