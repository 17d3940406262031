using Microsoft.Extensions.Hosting.Systemd;

namespace Lb.Host.Running.Handover;

/// <summary>Tells systemd how the process does, where systemd has started it: sd_notify(3).</summary>
internal sealed class Supervisor
{
    private readonly SystemdNotifier _systemd = new();

    /// <summary>The first tables are in the kernel.</summary>
    public void TellReady() => _systemd.Notify(ServiceState.Ready);

    /// <summary>This process is the service's main one from now on.</summary>
    public void TellMain() => _systemd.Notify(new ServiceState($"MAINPID={Environment.ProcessId}"));
}
