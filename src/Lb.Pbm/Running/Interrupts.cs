using System.Runtime.InteropServices;

namespace Lb.Pbm.Running;

/// <summary>Ctrl-C, which ends what runs and not <c>pbm</c>.</summary>
internal sealed class Interrupts : IDisposable
{
    private readonly PosixSignalRegistration _registration;
    private readonly Lock _gate = new();
    private CancellationTokenSource? _running;

    public Interrupts() => _registration = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
    {
        context.Cancel = true;
        lock (_gate)
        {
            _running?.Cancel();
        }
    });

    public void Dispose() => _registration.Dispose();

    /// <summary>Runs something to its end or to the next Ctrl-C.</summary>
    /// <returns>False when Ctrl-C ended it.</returns>
    public async Task<bool> RunAsync(Func<CancellationToken, Task> run)
    {
        using var running = new CancellationTokenSource();
        Set(running);
        try
        {
            await run(running.Token);
            return true;
        }
        catch (OperationCanceledException) when (running.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            Set(null);
        }
    }

    private void Set(CancellationTokenSource? running)
    {
        lock (_gate)
        {
            _running = running;
        }
    }
}
