@rem For scripts that call jetpack.cmd: one program, its output and its status.
@rem The caller's delayed expansion would eat exclamation marks, and a variable of
@rem the caller's that is called ERRORLEVEL would hide the status. Called by a name in
@rem quotes that is found in Path, %~dp0 is right only after a call.
@setlocal EnableExtensions DisableDelayedExpansion
@set "ERRORLEVEL="
@call :find
@"%JETPACK_BIN%jetpack.exe" %*
@exit /b %ERRORLEVEL%
:find
@set "JETPACK_BIN=%~dp0"
@exit /b 0
