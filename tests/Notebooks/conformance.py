"""Jupyter's own tests of a kernel (python3-jupyter-kernel-test of Debian), with a sample for all that it claims.

The kernel's name is in PSCONVNET_KERNEL; JUPYTER_PATH says where it is registered. KernelTests runs this.
"""

import os
import unittest

import jupyter_kernel_test


class PowerShellKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = os.environ["PSCONVNET_KERNEL"]
    language_name = "powershell"
    file_extension = ".ps1"

    code_hello_world = "Write-Host 'hello, world'"
    code_stderr = "$Host.UI.WriteErrorLine('an error that ends nothing')"

    completion_samples = [
        {"text": "Invoke-Train", "matches": {"Invoke-Training"}},
        {"text": "New-ConvLayer -Kern", "matches": {"-KernelSize"}},
        # Positions are counted in characters, of which an emoji is one.
        {"text": "'\U0001f600'; Get-ConvNetEnv", "matches": {"Get-ConvNetEnvironment"}},
    ]

    complete_code_samples = ["1", "function f { 1 }", "@'\nx\n'@", "1 |\n ForEach-Object { $_ }", ""]
    incomplete_code_samples = ["if ($true) {", "1 |", "@'\nx", "'x", "$a = (", "New-ConvLayer `"]
    invalid_code_samples = ["if )", "1 +* 2", "function { } }"]

    code_page_something = "help New-ConvLayer"
    code_generate_error = "throw 'an error'"

    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "'a' + 'b'", "result": "ab"},
        {"code": "[math]::Max(3, 4)", "result": "4"},
        {"code": "(New-DenseLayer 10).Units", "result": "10"},
    ]
    code_display_data = [
        # Progress is a display that is updated.
        {
            "code": "$data = Import-Mnist -Name Synthetic -First 500;"
            "$null = New-FlattenLayer | New-DenseLayer 10 -Activation Softmax | New-Model 28,28 |"
            " Invoke-Training -Data $data -Epochs 1",
            "mime": "text/html",
        },
    ]
    code_history_pattern = "6 ? 7*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "New-ConvLayer"
    code_clear_output = "Clear-Host"


# The classes of the package are no tests of their own.
del jupyter_kernel_test.KernelTests

# Debian's package is older than this class; wire.py has our own test of it.
if hasattr(jupyter_kernel_test, "IopubWelcomeTests"):

    class PowerShellWelcomeTests(jupyter_kernel_test.IopubWelcomeTests):
        kernel_name = os.environ["PSCONVNET_KERNEL"]
        support_iopub_welcome = True

    del jupyter_kernel_test.IopubWelcomeTests

if __name__ == "__main__":
    unittest.main(verbosity=2)
