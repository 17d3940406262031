using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Lb.Host.Running;

/// <summary>Takes over the signals that <c>lbd</c> acts on.</summary>
internal sealed class Signals : IDisposable
{
    /// <summary>SIGUSR2, which .NET has no name for.</summary>
    private const PosixSignal HandOver = (PosixSignal)12;

    private readonly CancellationTokenSource _ending = new();
    private readonly CancellationTokenSource _hurrying = new();

    /// <summary>Signals that come while a reload waits make no second one.</summary>
    private readonly Channel<bool> _reloads = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>The same of handovers.</summary>
    private readonly Channel<bool> _handovers = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly PosixSignalRegistration[] _registrations;

    public Signals()
    {
        _registrations =
        [
            On(PosixSignal.SIGHUP, () => _reloads.Writer.TryWrite(true)),
            On(HandOver, () => _handovers.Writer.TryWrite(true)),
            On(PosixSignal.SIGTERM, End),
            On(PosixSignal.SIGINT, End),
            On(PosixSignal.SIGQUIT, End),
        ];
    }

    /// <summary>Reloads that are asked for: SIGHUP.</summary>
    public ChannelReader<bool> Reloads => _reloads.Reader;

    /// <summary>Handovers to a new process that are asked for: SIGUSR2.</summary>
    public ChannelReader<bool> Handovers => _handovers.Reader;

    /// <summary>The process is to end: SIGTERM, SIGINT or SIGQUIT.</summary>
    public CancellationToken Ending => _ending.Token;

    /// <summary>It is to end now: one more of them.</summary>
    public CancellationToken Hurrying => _hurrying.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _ending.Dispose();
        _hurrying.Dispose();
    }

    private static PosixSignalRegistration On(PosixSignal signal, Action action)
    {
        return PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            action();
        });
    }

    /// <summary>As the first signal to end does.</summary>
    public void End()
    {
        if (_ending.IsCancellationRequested)
        {
            _hurrying.Cancel();
        }
        else
        {
            _ending.Cancel();
        }
    }
}
