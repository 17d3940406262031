using System.ComponentModel;
using System.Diagnostics;
using Lb.Host.Logging;
using Microsoft.Extensions.Logging;

namespace Lb.Host.Announce;

/// <summary>
/// Keeps a bird running: starts it, and starts it again when it ends. It is told by the kernel to end when this process does,
/// however that happens.
/// </summary>
/// <remarks>
/// The kernel does so when the thread ends that has started it: so that is a thread of its own, which waits for it.
/// </remarks>
internal sealed class BirdProcess : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan EndTime = TimeSpan.FromSeconds(2);

    private readonly string _program;
    private readonly string _config;
    private readonly string _control;
    private readonly ILogger _log;
    private readonly Action _prepare;
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;
    private volatile string? _problem = "bird has not been started yet";
    private volatile string _last = "nothing";
    private volatile Process? _process;

    /// <summary>Starts to keep one running.</summary>
    /// <param name="program">The program.</param>
    /// <param name="config">Its config file.</param>
    /// <param name="control">Its control socket.</param>
    /// <param name="prepare">Writes the config file before each start.</param>
    /// <param name="log">For what it says, and what becomes of it.</param>
    public BirdProcess(string program, string config, string control, Action prepare, ILogger log)
    {
        _program = program;
        _config = config;
        _control = control;
        _prepare = prepare;
        _log = log;
        _thread = new Thread(Run) { IsBackground = true, Name = "lb-bird" };
        _thread.Start();
    }

    /// <summary>Why it does not run; null when it does.</summary>
    public string? Problem => _problem;

    public void Dispose()
    {
        _stop.Set();
        if (!_thread.Join(EndTime))
        {
            try
            {
                _process?.Kill();
            }
            catch (InvalidOperationException)
            {
                // It has ended meanwhile.
            }

            _thread.Join();
        }

        _stop.Dispose();
    }

    private void Run()
    {
        TimeSpan pause = FirstPause;
        while (!_stop.IsSet)
        {
            long started = Stopwatch.GetTimestamp();
            RunOnce(pause);
            pause = Stopwatch.GetElapsedTime(started) > LongestPause ? FirstPause : pause;
            if (_stop.Wait(pause))
            {
                return;
            }

            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private void RunOnce(TimeSpan pause)
    {
        try
        {
            _prepare();
            File.Delete(_control);
            using Process process = Start();
            _process = process;
            _problem = null;
            _log.BirdRuns(process.Id);
            process.WaitForExit();
            _process = null;
            if (!_stop.IsSet)
            {
                _problem = $"bird has ended with code {process.ExitCode}; it said last: {_last}";
                _log.BirdEnded(process.ExitCode, pause.TotalSeconds, _last);
            }
        }
        catch (Exception e) when (e is Win32Exception or IOException or UnauthorizedAccessException)
        {
            _problem = $"bird cannot be run: {e.Message}";
            _log.BirdNotRun(e.Message, pause.TotalSeconds);
        }
    }

    private Process Start()
    {
        if (!File.Exists(_program))
        {
            throw new IOException(
                $"{_program} (lb.announce.bgp.program) is not there; on Debian, apt-get install bird2 brings it.");
        }

        ProcessStartInfo info = new("setpriv")
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        foreach (string argument in (string[])["--pdeathsig", "TERM", _program, "-f", "-c", _config, "-s", _control])
        {
            info.ArgumentList.Add(argument);
        }

        Process process = Process.Start(info) ?? throw new IOException("setpriv could not be started.");
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        return process;
    }

    private void Hear(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            return;
        }

        _last = line;
        if (line.Contains("<INFO>", StringComparison.Ordinal) || line.Contains("<RMT>", StringComparison.Ordinal))
        {
            _log.BirdSaid(line);
        }
        else
        {
            _log.BirdWarned(line);
        }
    }
}
