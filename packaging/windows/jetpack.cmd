@rem For scripts that call jetpack.cmd: one program, its output and its status.
@"%~dp0jetpack.exe" %*
@exit /b %ERRORLEVEL%
