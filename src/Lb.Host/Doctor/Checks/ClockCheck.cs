namespace Lb.Host.Doctor.Checks;

/// <summary>The clock is cheap to read and right.</summary>
internal sealed class ClockCheck : IHostCheck
{
    private static readonly string[] Slow = ["hpet", "acpi_pm", "jiffies", "refined-jiffies", "pit"];

    public IEnumerable<Finding> Examine(Examination host)
    {
        if (host.Facts.System.ClockSource is { } source && Slow.Contains(source))
        {
            yield return Finding.Warning(
                "clock-source",
                source,
                $"The kernel's clock is {source}.",
                "Reading it costs about a microsecond or is coarse; timers and measurements suffer.",
                "see in dmesg why the TSC was given up; in a virtual machine choose the hypervisor's own clock");
        }

        if (host.Facts.System.ClockSynchronised == false)
        {
            yield return Finding.Info(
                "clock-sync",
                "clock",
                "Nothing keeps the clock of this host right.",
                "Forwarding does not depend on it; events of several hosts cannot be put in order. chrony or "
                + "systemd-timesyncd keeps it.");
        }
    }
}
