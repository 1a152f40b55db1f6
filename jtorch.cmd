@echo off
rem The jtorch command from a checkout: builds what is not built, then runs it. It does what the script jtorch does elsewhere, except for
rem `bench` and `verify`, which only that script has.
setlocal
set "root=%~dp0"
set "classpath_file=%root%cli\target\classpath.txt"

set stale=
if not exist "%classpath_file%" (
  set stale=1
) else (
  powershell -NoProfile -Command "$built = (Get-Item -LiteralPath $env:classpath_file).LastWriteTime; $sources = @(Get-ChildItem -LiteralPath $env:root -Directory | ForEach-Object { Join-Path $_.FullName 'src\main' } | Where-Object { Test-Path $_ } | ForEach-Object { Get-ChildItem -LiteralPath $_ -Recurse -File }); $poms = @(Get-ChildItem -Path (Join-Path $env:root 'pom.xml'), (Join-Path $env:root '*\pom.xml')); if (($sources + $poms) | Where-Object { $_.LastWriteTime -gt $built } | Select-Object -First 1) { exit 1 }"
  if errorlevel 1 set stale=1
)

if defined stale (
  where mvn >nul 2>nul
  if errorlevel 1 (
    echo jtorch: Maven ^(mvn^) is needed to build: install it, or put it on the PATH 1>&2
    exit /b 1
  )
  echo building jtorch ^(the first time, this fetches libtorch, about 110 MB^) ... 1>&2
  call mvn -q -B -f "%root%pom.xml" -pl cli -am compile 1>&2
  if errorlevel 1 exit /b 1
  powershell -NoProfile -Command "(Get-Item -LiteralPath $env:classpath_file).LastWriteTime = Get-Date"
)

for /f "usebackq delims=" %%c in ("%classpath_file%") do set "classpath=%%c"
java -XX:+IgnoreUnrecognizedVMOptions --enable-native-access=ALL-UNNAMED -cp "%root%cli\target\classes;%classpath%" org.jtorch.cli.Main %*
exit /b %errorlevel%
