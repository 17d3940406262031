using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Lb.Testing;

namespace Lb.Pbm.Tests.Processes;

/// <summary>pbm on a pseudo-terminal: keys go in, and what a person would see comes out.</summary>
internal sealed partial class Terminal : IDisposable
{
    public const string Tab = "\t";
    public const string Enter = "\r";
    public const string Up = "\u001b[A";
    public const string Left = "\u001b[D";
    public const string CtrlC = "\u0003";
    public const string CtrlD = "\u0004";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly StringBuilder _raw = new();
    private readonly Process _process;
    private readonly Task _reading;
    private int _seen;

    public Terminal(
        IEnumerable<string> arguments, string state, params IEnumerable<(string Name, string Value)> environment)
    {
        string command = $"stty cols 80 rows 24; exec {PbmProcess.Executable} {string.Join(' ', arguments)}";
        _process = PbmProcess.Start(
            "script", ["--quiet", "--flush", "--return", "--command", command, "/dev/null"],
            [("TERM", "xterm-256color"), ("SHELL", "/bin/sh"), ("XDG_STATE_HOME", state), .. environment]);
        _reading = ReadAsync();
    }

    /// <summary>All that came, with the control sequences.</summary>
    public string Raw
    {
        get
        {
            lock (_raw)
            {
                return _raw.ToString();
            }
        }
    }

    /// <summary>All that came, without them.</summary>
    public string Text => Sequence().Replace(Raw, "").Replace("\r", "");

    public Terminal Type(params IEnumerable<string> keys)
    {
        _process.StandardInput.Write(string.Concat(keys));
        _process.StandardInput.Flush();
        return this;
    }

    /// <summary>Waits until something is on the screen behind what was waited for before.</summary>
    /// <returns>What came before it.</returns>
    public string WaitFor(string text)
    {
        int at = -1;
        try
        {
            Wait.Until(() => (at = Text.IndexOf(text, _seen, StringComparison.Ordinal)) >= 0, text, Patience);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"'{text}' did not come. The screen:\n{Text}");
        }

        string before = Text[_seen..at];
        _seen = at + text.Length;
        return before;
    }

    /// <summary>Waits for the end of pbm; its exit code.</summary>
    public int WaitForEnd()
    {
        Assert.True(_process.WaitForExit(Patience), $"pbm did not end. The screen:\n{Text}");
        Assert.True(_reading.Wait(Patience), "the terminal was not closed");
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    [GeneratedRegex(@"\x1b(\[[0-9;?]*[A-Za-z]|[=>])", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Sequence();

    private async Task ReadAsync()
    {
        char[] buffer = new char[4096];
        while (await _process.StandardOutput.ReadAsync(buffer) is > 0 and int length)
        {
            lock (_raw)
            {
                _raw.Append(buffer, 0, length);
            }
        }
    }
}
