<#
.SYNOPSIS
Installs Jetpack from the folder that this file lies in; run it again to upgrade.
.DESCRIPTION
Checks everything before it writes. Puts the programs below the home, sets
CYCLECLOUD_HOME and PATH for everyone, has Windows converge the node at start-up,
and installs the HealthCheck service. Configuration, checks, logs and state are
left alone by upgrades and by -Uninstall; -Purge removes them.
.PARAMETER JetpackHome
The node's home; C:\cycle\jetpack by default.
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
$bin = Join-Path $JetpackHome 'bin'
$task = 'Jetpack converge'

function Fail([string] $Message) {
    [Console]::Error.WriteLine("install.ps1: $Message")
    exit 1
}

function Assert-Administrator {
    $user = New-Object Security.Principal.WindowsPrincipal ([Security.Principal.WindowsIdentity]::GetCurrent())
    if (-not $user.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)) {
        Fail 'the rights of an administrator are needed, or -TreeOnly'
    }
}

function Assert-Archive {
    foreach ($line in Get-Content (Join-Path $PSScriptRoot 'SHA256SUMS')) {
        $sum, $name = $line -split '  ', 2
        $path = Join-Path $PSScriptRoot $name
        if (-not (Test-Path -LiteralPath $path)) { Fail "the archive is damaged: $name is missing" }
        if ((Get-FileHash -LiteralPath $path -Algorithm SHA256).Hash -ne $sum) { Fail "the archive is damaged: $name" }
    }
}

# A running program cannot be overwritten, but it can be renamed.
function Copy-Program([string] $From, [string] $To) {
    New-Item -ItemType Directory -Force -Path (Split-Path $To) | Out-Null
    if (Test-Path -LiteralPath $To) {
        $old = "$To.old"
        if (Test-Path -LiteralPath $old) { Remove-Item -LiteralPath $old -Force -ErrorAction SilentlyContinue }
        if (Test-Path -LiteralPath $old) { $old = "$To.$([guid]::NewGuid()).old" }
        Move-Item -LiteralPath $To -Destination $old -Force
    }
    Copy-Item -LiteralPath $From -Destination $To
    Get-ChildItem -LiteralPath (Split-Path $To) -Filter '*.old' | Remove-Item -Force -ErrorAction SilentlyContinue
}

# Secrets are for the system and administrators (well-known SIDs, as the names
# are in the system's language).
function Protect-Folder([string] $Path) {
    & icacls.exe $Path /inheritance:r /grant '*S-1-5-18:(OI)(CI)F' '*S-1-5-32-544:(OI)(CI)F' /Q | Out-Null
    if ($LASTEXITCODE -ne 0) { Fail "cannot protect $Path" }
}

function Set-MachinePath([bool] $Present) {
    $folders = @([Environment]::GetEnvironmentVariable('Path', 'Machine') -split ';' | Where-Object { $_ -and $_ -ne $bin })
    if ($Present) { $folders += $bin }
    [Environment]::SetEnvironmentVariable('Path', ($folders -join ';'), 'Machine')
}

function Stop-Health {
    if (Get-Service -Name healthcheckd -ErrorAction SilentlyContinue) {
        Stop-Service -Name healthcheckd -ErrorAction SilentlyContinue
    }
}

function Install-Task {
    $action = New-ScheduledTaskAction -Execute (Join-Path $bin 'jetpack-converge.exe')
    $trigger = New-ScheduledTaskTrigger -AtStartup
    $settings = New-ScheduledTaskSettingsSet -RestartCount 10 -RestartInterval (New-TimeSpan -Minutes 5) `
        -ExecutionTimeLimit ([TimeSpan]::Zero) -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries
    Register-ScheduledTask -TaskName $task -Action $action -Trigger $trigger -Settings $settings `
        -User 'S-1-5-18' -RunLevel Highest -Force | Out-Null
}

function Install-Jetpack {
    Assert-Archive
    if (-not $TreeOnly) { Assert-Administrator; Stop-Health }
    foreach ($folder in 'config\healthcheck.d', 'logs', 'run\scheduled_shutdown', 'system\bootstrap') {
        New-Item -ItemType Directory -Force -Path (Join-Path $JetpackHome $folder) | Out-Null
    }
    $source = Join-Path $PSScriptRoot 'home'
    foreach ($file in Get-ChildItem -LiteralPath $source -Recurse -File) {
        Copy-Program $file.FullName (Join-Path $JetpackHome $file.FullName.Substring($source.Length + 1))
    }
    if (-not $TreeOnly) {
        foreach ($folder in 'config', 'logs', 'run') { Protect-Folder (Join-Path $JetpackHome $folder) }
        [Environment]::SetEnvironmentVariable('CYCLECLOUD_HOME', $JetpackHome, 'Machine')
        Set-MachinePath $true
        Install-Task
        $env:JETPACK_HOME = $JetpackHome
        $health = Join-Path $bin 'healthcheckd.exe'
        if (-not (Get-Service -Name healthcheckd -ErrorAction SilentlyContinue)) {
            & $health install
            if ($LASTEXITCODE -ne 0) { Fail 'cannot install the HealthCheck service' }
        }
        if ((Get-Service -Name healthcheckd).StartType -ne 'Disabled') { Start-Service -Name healthcheckd }
    }
    $version = Get-Content (Join-Path $PSScriptRoot 'VERSION')
    Write-Output "Jetpack $version is installed in $JetpackHome"
}

function Uninstall-Jetpack {
    if (-not (Test-Path -LiteralPath $bin)) { Fail "Jetpack is not installed in $JetpackHome" }
    if (-not $TreeOnly) {
        Assert-Administrator
        Stop-Health
        $env:JETPACK_HOME = $JetpackHome
        if (Get-Service -Name healthcheckd -ErrorAction SilentlyContinue) { & (Join-Path $bin 'healthcheckd.exe') uninstall }
        Unregister-ScheduledTask -TaskName $task -Confirm:$false -ErrorAction SilentlyContinue
        Set-MachinePath $false
        [Environment]::SetEnvironmentVariable('CYCLECLOUD_HOME', $null, 'Machine')
    }
    $folders = @('bin', 'share')
    if ($Purge) { $folders += 'config', 'logs', 'run', 'system' }
    foreach ($folder in $folders) {
        $path = Join-Path $JetpackHome $folder
        if (Test-Path -LiteralPath $path) { Remove-Item -LiteralPath $path -Recurse -Force }
    }
    Write-Output "Jetpack is removed from $JetpackHome"
}

if ($Uninstall) { Uninstall-Jetpack } else { Install-Jetpack }
