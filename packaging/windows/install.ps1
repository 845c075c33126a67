<#
.SYNOPSIS
Installs Jetpack from the folder that this file lies in; run it again to upgrade.
.DESCRIPTION
Checks everything before it writes. Puts the programs below the home, sets
CYCLECLOUD_HOME and PATH for everyone, has Windows converge the node at start-up,
and installs the HealthCheck service. Configuration, checks, logs and state are
left alone by upgrades and by -Uninstall; -Purge removes them. The exit status is 0
when all is done, and 1 when it is not; then it can be run again.
.PARAMETER JetpackHome
The node's home; C:\cycle\jetpack by default. It may hold blanks.
.PARAMETER TreeOnly
Only the folders below the home: no service, task or variables.
.EXAMPLE
powershell -ExecutionPolicy Bypass -File install.ps1
#>
[CmdletBinding()]
param(
    [string] $JetpackHome = 'C:\cycle\jetpack',
    [switch] $TreeOnly,
    [switch] $Uninstall,
    [switch] $Purge
)
Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'
# PowerShell 7 can be told to fail by itself when a program does; here that is
# looked at, for the sake of a better sentence.
$PSNativeCommandUseErrorActionPreference = $false
$JetpackHome = $JetpackHome.TrimEnd('\')
$bin = Join-Path $JetpackHome 'bin'
$task = 'Jetpack converge'
$standard = 'C:\cycle\jetpack'

function Fail([string] $Message) {
    [Console]::Error.WriteLine("install.ps1: $Message")
    exit 1
}

# What a home that is no absolute path, or holds what cannot be in Path or in a
# command, would break later. A quotation mark comes of "C:\folder\" at the end.
function Assert-Home {
    if ($JetpackHome -notmatch '^[A-Za-z]:\\[^"<>|?*:;/%]+$' -or $JetpackHome -match '\\\.{1,2}(\\|$)') {
        Fail "the home is not an absolute path of a folder: $JetpackHome"
    }
}

function Assert-Administrator {
    $user = New-Object Security.Principal.WindowsPrincipal ([Security.Principal.WindowsIdentity]::GetCurrent())
    if (-not $user.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)) {
        Fail 'the rights of an administrator are needed, or -TreeOnly'
    }
}

function Assert-Archive {
    foreach ($line in Get-Content -LiteralPath (Join-Path $PSScriptRoot 'SHA256SUMS')) {
        $sum, $name = $line -split '  ', 2
        $path = Join-Path $PSScriptRoot $name
        if (-not (Test-Path -LiteralPath $path)) { Fail "the archive is damaged: $name is missing" }
        if ((Get-FileHash -LiteralPath $path -Algorithm SHA256).Hash -ne $sum) { Fail "the archive is damaged: $name" }
    }
}

# A running program cannot be overwritten, but it can be renamed. The new one is
# whole before the old one goes, for the disk may be full.
function Copy-Program([string] $From, [string] $To) {
    New-Item -ItemType Directory -Force -Path (Split-Path $To) | Out-Null
    Copy-Item -LiteralPath $From -Destination "$To.new" -Force
    if (Test-Path -LiteralPath $To) {
        $old = "$To.old"
        if (Test-Path -LiteralPath $old) { Remove-Item -LiteralPath $old -Force -ErrorAction SilentlyContinue }
        if (Test-Path -LiteralPath $old) { $old = "$To.$([guid]::NewGuid()).old" }
        Move-Item -LiteralPath $To -Destination $old -Force
    }
    Move-Item -LiteralPath "$To.new" -Destination $To
    Get-ChildItem -LiteralPath (Split-Path $To) -Filter '*.old' | Remove-Item -Force -ErrorAction SilentlyContinue
}

# A folder that is made in C:\ can be written to by every user, and the system
# runs what lies in this one: only the system and administrators may change it,
# whoever has made it, and others see what they are meant to see. The SIDs are
# well known; the names are in the system's language.
function Protect-Folder([string] $Path, [string[]] $Readers = @()) {
    $rights = @('/inheritance:r', '/grant:r', '*S-1-5-18:(OI)(CI)F', '*S-1-5-32-544:(OI)(CI)F') + $Readers
    foreach ($change in @('/setowner', '*S-1-5-32-544'), @('/reset'), $rights) {
        & icacls.exe $Path $change /Q | Out-Null
        if ($LASTEXITCODE -ne 0) { Fail "cannot protect ${Path}: icacls $change" }
    }
}

function Protect-Home {
    $everybody = '*S-1-5-32-545:(OI)(CI)RX'
    if ($JetpackHome -eq $standard) { Protect-Folder (Split-Path $standard) $everybody }
    foreach ($folder in $JetpackHome, $bin) { Protect-Folder $folder $everybody }
    foreach ($folder in 'config', 'logs', 'run') { Protect-Folder (Join-Path $JetpackHome $folder) }
}

# The machine's Path holds variables, such as %SystemRoot%: in .NET's hands they
# would be replaced by what they mean today.
function Set-MachinePath([bool] $Present) {
    $key = [Microsoft.Win32.Registry]::LocalMachine.OpenSubKey('SYSTEM\CurrentControlSet\Control\Session Manager\Environment', $true)
    try {
        $path = $key.GetValue('Path', '', [Microsoft.Win32.RegistryValueOptions]::DoNotExpandEnvironmentNames)
        $folders = @($path -split ';' | Where-Object { $_ -and $_ -ne $bin })
        if ($Present) { $folders += $bin }
        $key.SetValue('Path', ($folders -join ';'), [Microsoft.Win32.RegistryValueKind]::ExpandString)
    } finally {
        $key.Close()
    }
}

# Programs that run are told of the new Path together with this one.
function Set-Variables([bool] $Present) {
    Set-MachinePath $Present
    $value = $null
    if ($Present) { $value = $JetpackHome }
    [Environment]::SetEnvironmentVariable('CYCLECLOUD_HOME', $value, 'Machine')
}

function Stop-Health {
    if (Get-Service -Name healthcheckd -ErrorAction SilentlyContinue) { Stop-Service -Name healthcheckd }
}

# Converge itself tries again: the task scheduler takes any exit status for a
# success. Without a priority it would run all scripts as work for idle hours. A
# task that the administrator has disabled stays so.
function Install-Task {
    $before = Get-ScheduledTask -TaskName $task -ErrorAction SilentlyContinue
    $disabled = ($null -ne $before) -and -not $before.Settings.Enabled
    $action = New-ScheduledTaskAction -Execute (Join-Path $bin 'jetpack-converge.exe') -Argument '--retry 168h'
    $trigger = New-ScheduledTaskTrigger -AtStartup
    $settings = New-ScheduledTaskSettingsSet -Priority 4 -ExecutionTimeLimit ([TimeSpan]::Zero) `
        -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries -Disable:$disabled
    Register-ScheduledTask -TaskName $task -Action $action -Trigger $trigger -Settings $settings `
        -User 'S-1-5-18' -RunLevel Highest -Force | Out-Null
}

function Remove-Task {
    Stop-ScheduledTask -TaskName $task -ErrorAction SilentlyContinue
    Get-Process -Name jetpack-converge -ErrorAction SilentlyContinue | Wait-Process -Timeout 30 -ErrorAction SilentlyContinue
    Unregister-ScheduledTask -TaskName $task -Confirm:$false -ErrorAction SilentlyContinue
}

# A service that the administrator has disabled stays so.
function Start-Health {
    $health = Join-Path $bin 'healthcheckd.exe'
    $env:JETPACK_HOME = $JetpackHome
    if (-not (Get-Service -Name healthcheckd -ErrorAction SilentlyContinue)) {
        & $health install
        if ($LASTEXITCODE -ne 0) { Fail 'cannot install the HealthCheck service' }
    }
    $service = Get-CimInstance -ClassName Win32_Service -Filter "Name='healthcheckd'"
    if ($service.StartMode -ne 'Disabled') { Start-Service -Name healthcheckd }
}

function Install-Jetpack {
    Assert-Home
    Assert-Archive
    if (-not $TreeOnly) { Assert-Administrator; Stop-Health }
    foreach ($folder in 'bin', 'config\healthcheck.d', 'logs', 'run\scheduled_shutdown', 'system\bootstrap') {
        New-Item -ItemType Directory -Force -Path (Join-Path $JetpackHome $folder) | Out-Null
    }
    if (-not $TreeOnly) { Protect-Home }
    # In the spelling of what is found below it: it may have been given a short name.
    $source = (Get-Item -LiteralPath (Join-Path $PSScriptRoot 'home')).FullName
    foreach ($file in Get-ChildItem -LiteralPath $source -Recurse -File) {
        Copy-Program $file.FullName (Join-Path $JetpackHome $file.FullName.Substring($source.Length + 1))
    }
    if (-not $TreeOnly) {
        Set-Variables $true
        Install-Task
        Start-Health
    }
    $version = Get-Content -LiteralPath (Join-Path $PSScriptRoot 'VERSION')
    Write-Output "Jetpack $version is installed in $JetpackHome"
}

function Uninstall-Jetpack {
    Assert-Home
    if (-not (Test-Path -LiteralPath $bin)) { Fail "Jetpack is not installed in $JetpackHome" }
    if (-not $TreeOnly) {
        Assert-Administrator
        Stop-Health
        $env:JETPACK_HOME = $JetpackHome
        if (Get-Service -Name healthcheckd -ErrorAction SilentlyContinue) {
            & (Join-Path $bin 'healthcheckd.exe') uninstall
            if ($LASTEXITCODE -ne 0) { Fail 'cannot uninstall the HealthCheck service' }
        }
        Remove-Task
        Set-Variables $false
    }
    $folders = @('bin', 'share')
    if ($Purge) { $folders += 'config', 'logs', 'run', 'system' }
    foreach ($folder in $folders) {
        $path = Join-Path $JetpackHome $folder
        if (Test-Path -LiteralPath $path) { Remove-Item -LiteralPath $path -Recurse -Force }
    }
    $folders = @($JetpackHome)
    if ($JetpackHome -eq $standard) { $folders += Split-Path $standard }
    foreach ($folder in $folders) {
        if (-not (Get-ChildItem -LiteralPath $folder -Force)) { Remove-Item -LiteralPath $folder }
    }
    Write-Output "Jetpack is removed from $JetpackHome"
}

if ($Purge -and -not $Uninstall) { Fail '-Purge goes with -Uninstall' }
try {
    if ($Uninstall) { Uninstall-Jetpack } else { Install-Jetpack }
} catch {
    Fail $_.Exception.Message
}
