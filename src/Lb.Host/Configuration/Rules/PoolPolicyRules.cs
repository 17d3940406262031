using Lb.Kernel;

namespace Lb.Host.Configuration;

/// <summary>What must hold of how a service uses its pool.</summary>
internal static class PoolPolicyRules
{
    public static IEnumerable<ConfigIssue> Check(ServiceDraft service) => [.. Backups(service), .. Panic(service), .. Drain(service), .. Slow(service)];

    private static IEnumerable<ConfigIssue> Backups(ServiceDraft service)
    {
        if (!service.Backends.IsEmpty && service.Backends.All(IsBackup))
        {
            yield return service.Values.Warning(
                "every backend is a last resort (backup)",
                "at least one that is not",
                "they are used as if none were, but panic-threshold does not count them: remove backup where it is not meant");
        }
    }

    private static IEnumerable<ConfigIssue> Panic(ServiceDraft service)
    {
        if (service.Values.Find(PoolKeys.PanicThreshold) is { Value: > 0 } threshold
            && service.Health.Find(HealthKeys.Check) is { Value: CheckKind.None })
        {
            yield return threshold.Warning(
                "no backend is ever down with health.check = none",
                "0, or a check",
                "remove panic-threshold, or choose a health.check");
        }
    }

    private static IEnumerable<ConfigIssue> Drain(ServiceDraft service)
    {
        if (service.Values.Get(PoolKeys.Drain).Find(PoolKeys.Drains.Deadline) is { } deadline
            && deadline.Value > TimeSpan.Zero
            && service is { Mode: not ForwardingMode.Tproxy }
            && service.Values.Find(ServiceKeys.Tracking) is { Value: Tracking.None })
        {
            yield return deadline.Warning(
                "with tracking = none flows leave a backend as soon as it drains",
                "never, or flows that are tracked",
                "remove drain.deadline, or write tracking = minimal");
        }
    }

    private static IEnumerable<ConfigIssue> Slow(ServiceDraft service)
    {
        if (service.Values.Find(PoolKeys.SlowStart) is not { } slow || slow.Value == TimeSpan.Zero)
        {
            yield break;
        }

        if (service.Health.Find(HealthKeys.Check) is { Value: CheckKind.None })
        {
            yield return slow.Warning(
                "no backend comes up with health.check = none: each is taken to be up at once",
                "off, or a check",
                "remove slow-start, or choose a health.check");
        }

        if (service.Values.Find(PoolKeys.SlowStartFrom) is { Value: <= 0 } from)
        {
            yield return from.Error(
                "a backend that comes up would begin with nothing",
                "a share above 0",
                "write as in slow-start-from = 10%");
        }
    }

    private static bool IsBackup(BackendDraft backend) => backend.Values.Find(BackendKeys.Backup) is { Value: true };
}
