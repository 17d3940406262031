using Lb.Kernel;

namespace Lb.Actors;

/// <summary>What must hold for services of prefixes and port ranges.</summary>
internal static class RangeRules
{
    /// <summary>What is wrong between services.</summary>
    public static IEnumerable<string> Check(SiteConfig config)
    {
        ServiceConfig[] ranges = [.. config.Services.Values.Where(service => service.Vip.IsRange)];
        for (int i = 0; i < ranges.Length; i++)
        {
            foreach (ServiceConfig other in ranges[..i].Where(other => RangeRule.IsAmbiguous(other.Vip, ranges[i].Vip)))
            {
                yield return $"services {other.Name} ({other.Vip}) and {ranges[i].Name} ({ranges[i].Vip}) share ports, and neither "
                    + "range is within the other";
            }
        }
    }

    /// <summary>What is wrong with one of them.</summary>
    public static IEnumerable<string> Service(ServiceConfig service)
    {
        if (service.Vip.IsRange && service.Mode == ForwardingMode.Tproxy)
        {
            yield return $"service {service.Name}: {service.Mode.Name()} cannot have {service.Vip}, but one address and port";
        }

        if (service.Vip.IsPrefix && service.Mode == ForwardingMode.Nat)
        {
            yield return $"service {service.Name}: nat cannot have {service.Vip}, but one address: a reply does not say which was asked for";
        }

        foreach (BackendConfig backend in service.Backends.Values
            .Where(backend => service.Mode == ForwardingMode.Nat && service.Vip.LastPort != 0 && backend.Port != 0))
        {
            yield return $"service {service.Name}: backend {backend.Name} has port {backend.Port}, and nat keeps the ports of "
                + $"{service.Vip}: a reply would not say which was asked for";
        }

        foreach (BackendConfig backend in service.Backends.Values.Where(backend => backend.Port == 0))
        {
            if (service.Vip.LastPort == 0)
            {
                yield return $"service {service.Name}: backend {backend.Name} has no port, and the service has one";
            }

            if (service.Health is { Check: not HealthCheck.None, Port: 0 })
            {
                yield return $"service {service.Name}: backend {backend.Name} has no port that a probe could go to (health.port)";
            }
        }
    }
}
