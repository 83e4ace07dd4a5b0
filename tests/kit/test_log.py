"""Log lines."""

from select import PIPE_BUF

from remotehandsd.kit.log import _pieces


def test_lines_go_out_together_but_never_more_than_a_pipe_takes_at_once() -> None:
    """Several processes write into one pipe, and none into the middle of another's line."""
    lines = [b"x" * (length % 700) + b"\n" for length in range(0, 60_000, 431)]
    pieces = list(_pieces(lines))
    assert b"".join(pieces) == b"".join(lines)
    assert max(map(len, pieces)) <= PIPE_BUF
    assert len(pieces) < len(lines) / 5
    assert all(piece.endswith(b"\n") for piece in pieces)
    assert list(_pieces([b"y" * 10_000 + b"\n"])) == [b"y" * 10_000 + b"\n"]
