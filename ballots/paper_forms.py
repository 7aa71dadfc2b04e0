"""Forms of the papers: passing the minutes, and comparing a file with the locked one."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

MEGABYTE = 1024 * 1024
LARGEST = 5 * MEGABYTE


class PassForm(forms.Form):
    """Biểu quyết thông qua biên bản, and the hour that the minutes print as the end."""

    yes = forms.IntegerField(label="Số đồng ý", min_value=0, max_value=9999)
    of = forms.IntegerField(label="Tổng số biểu quyết", min_value=1, max_value=9999)
    ends_at = forms.DateTimeField(
        label="Kết thúc lúc",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )


class CheckForm(forms.Form):
    """The code printed at the end of a paper, and the file in question."""

    code = forms.CharField(label="Mã kiểm tra in trên văn bản", max_length=40)
    file = forms.FileField(label="Tệp PDF cần kiểm tra", required=False)

    def clean_code(self) -> str:
        """The code as it is kept: capitals, without the spaces and hyphens people type."""
        return "".join(char for char in self.cleaned_data["code"].upper() if char.isalnum())

    def clean_file(self) -> UploadedFile | None:
        """Refuse a file no paper of ours can be as large as."""
        file: UploadedFile | None = self.cleaned_data["file"]
        if file is not None and (file.size or 0) > LARGEST:
            raise ValidationError("Tệp lớn hơn 5 MB nên không phải văn bản của phần mềm này.")
        return file
