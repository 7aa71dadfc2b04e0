"""Biểu quyết giơ tay as it is typed, held against how many of those here have a vote. Pure."""

from cells.wording import two_digits


def refusal(what: str, yes: int, of: int, voters: int) -> str:
    """Why `yes` of `of` hands cannot be, or do not carry `what`, in one sentence; "" where they do.

    `what`: what the hands were raised for, as it begins a sentence; `voters`: who is here and has a vote.
    """
    if of > voters:
        return (
            f"Đang có mặt {two_digits(voters)} đồng chí có quyền biểu quyết nên không thể có {two_digits(of)} "
            "người biểu quyết. Xin đếm lại, không tính đảng viên dự bị và đại biểu; "
            "ai đến mà chưa điểm danh thì xin điểm danh trước."
        )
    if yes > of:
        return (
            f"Số đồng ý ({two_digits(yes)}) không thể nhiều hơn tổng số biểu quyết ({two_digits(of)}). "
            "Xin xem lại hai con số."
        )
    if yes * 2 <= of:
        return f"{what} cần quá nửa số người biểu quyết đồng ý. Xin xem lại hai con số."
    return ""


def questions(of: int, voters: int) -> list[str]:
    """What is asked once of hands that can be: where they are fewer than they could be."""
    if of >= voters:
        return []
    return [
        f"Ghi {two_digits(of)} người biểu quyết, mà đang có mặt {two_digits(voters)} đồng chí có quyền biểu quyết."
    ]
