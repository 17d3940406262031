using System.Runtime.InteropServices;

namespace Lb.Host.Running;

/// <summary>The signals that <c>lbd</c> acts on.</summary>
internal sealed class Signals : IDisposable
{
    private readonly PosixSignalRegistration[] _registrations;

    /// <summary>Takes the signals over; actions run on threads of the pool, one signal at a time or not.</summary>
    /// <param name="reload">On SIGHUP.</param>
    /// <param name="end">On SIGTERM, SIGINT and SIGQUIT, each time.</param>
    public Signals(Action reload, Action end)
    {
        _registrations =
        [
            On(PosixSignal.SIGHUP, reload),
            On(PosixSignal.SIGTERM, end),
            On(PosixSignal.SIGINT, end),
            On(PosixSignal.SIGQUIT, end),
        ];
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private static PosixSignalRegistration On(PosixSignal signal, Action action)
    {
        return PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            action();
        });
    }
}
