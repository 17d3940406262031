using System.Diagnostics;
using System.Threading.Channels;
using Xunit;

namespace Akka.Subset.Persistence.Tests.Sql.Victims;

/// <summary>
/// A process with persistent actors. It is told what to do line by line and reports line by line; it ends when this
/// process does.
/// </summary>
public sealed class Victim : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Channel<string> _reports = Channel.CreateUnbounded<string>();
    private readonly List<string> _seen = [];
    private readonly Task _reading;
    private bool _disposed;

    private Victim(Process process)
    {
        _process = process;
        _reading = ReadAsync();
    }

    public int Id => _process.Id;

    public static Victim Start(string provider, string connectionString) => new(Process.Start(
        new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Lb.PersistenceVictim"))
        {
            ArgumentList = { provider, connectionString },
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!);

    /// <summary>Gives it commands.</summary>
    public async Task TellAsync(params IEnumerable<string> commands)
    {
        foreach (var command in commands)
        {
            await _process.StandardInput.WriteLineAsync(command);
        }

        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Returns the next report, or null when the process has ended and all were read.</summary>
    public async Task<string?> NextAsync()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            if (!await _reports.Reader.WaitToReadAsync(deadline.Token))
            {
                return null;
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"no report for {Deadline}; the last were:\n{string.Join('\n', _seen.TakeLast(20))}");
        }

        Assert.True(_reports.Reader.TryRead(out var report));
        _seen.Add(report);
        return report;
    }

    /// <summary>Reads on to a report that starts with a text; returns it.</summary>
    public async Task<string> ExpectAsync(string start)
    {
        while (await NextAsync() is { } report)
        {
            if (report.StartsWith(start, StringComparison.Ordinal))
            {
                return report;
            }
        }

        throw new InvalidOperationException(
            $"The process ended without [{start}]; its last reports were:\n{string.Join('\n', _seen.TakeLast(20))}");
    }

    /// <summary>Sends SIGKILL and waits for the end.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Kills it unless it has ended; again means nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        await _reading;
        _process.Dispose();
    }

    // What the process wrote before it was killed is in the pipe and still comes.
    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            _reports.Writer.TryWrite(line);
        }

        _reports.Writer.Complete();
    }
}
