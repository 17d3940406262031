using System.Collections.Immutable;
using System.Net;
using Lb.Actors;
using Lb.Kernel;

namespace Lb.Datapath.Tests.Plans;

/// <summary>Random sites and random changes of them: every service changes each time.</summary>
internal static class ReplayConfig
{
    private const int LastBackend = 60;

    private static readonly HealthConfig s_unchecked = new(
        new HealthCheck.None(), 0, TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(500), 1, 1, 0);

    /// <summary>TCP and UDP over IPv4 and IPv6, with every kind of tracking.</summary>
    public static SiteConfig Site(Random random) => new(
        "replay",
        [],
        ((ServiceConfig[])
        [
            Service(random, "web4", "192.0.2.1", TransportProtocol.Tcp, Tracking.Minimal),
            Service(random, "web6", "2001:db8:f::1", TransportProtocol.Tcp, Tracking.Minimal),
            Service(random, "dns4", "192.0.2.2", TransportProtocol.Udp, Tracking.Minimal),
            Service(random, "dns6", "2001:db8:f::2", TransportProtocol.Udp, Tracking.Full),
            Service(random, "full", "192.0.2.3", TransportProtocol.Tcp, Tracking.Full),
            Service(random, "none", "192.0.2.4", TransportProtocol.Tcp, Tracking.None),
        ]).ToImmutableSortedDictionary(service => service.Name, service => service, StringComparer.Ordinal),
        // Nothing is swept away while the test looks.
        new FlowsConfig(TimeSpan.FromDays(1), TimeSpan.FromHours(1)),
        TimeSpan.FromHours(1));

    /// <summary>Another weight, one more backend, one less, one drained or disabled: for each service one of them.</summary>
    public static SiteConfig Change(Random random, SiteConfig site) => site with
    {
        Services = site.Services.ToImmutableSortedDictionary(
            pair => pair.Key, pair => Change(random, pair.Value), StringComparer.Ordinal),
    };

    private static ServiceConfig Change(Random random, ServiceConfig service)
    {
        BackendConfig[] used = [.. service.Backends.Values.Where(backend => backend.Admin == BackendAdmin.Enabled)];
        BackendConfig one = used[random.Next(used.Length)];
        int kind = used.Length < 3 ? 0 : random.Next(5);
        return service with
        {
            Backends = kind switch
            {
                0 => Add(service, service.Backends.Values.Max(backend => Number(backend)) + 1, random),
                1 => service.Backends.Remove(one.Name),
                2 => Set(one with { Admin = BackendAdmin.Drain }),
                3 => Set(one with { Admin = BackendAdmin.Disabled }),
                _ => Set(one with { Weight = one.Weight * 3 }),
            },
        };

        ImmutableSortedDictionary<string, BackendConfig> Set(BackendConfig changed) =>
            service.Backends.SetItem(changed.Name, changed);
    }

    private static ServiceConfig Service(
        Random random, string name, string vip, TransportProtocol protocol, Tracking tracking)
    {
        ServiceConfig service = new(
            name,
            new Endpoint(IPAddress.Parse(vip), 80, protocol),
            ForwardingMode.Nat,
            tracking,
            TimeSpan.FromMinutes(15),
            Slots: 0,
            Seed: 7,
            ImmutableSortedDictionary.Create<string, BackendConfig>(StringComparer.Ordinal),
            s_unchecked);
        int count = random.Next(3, 7);
        for (int number = 1; number <= count; number++)
        {
            service = service with { Backends = Add(service, number, random) };
        }

        return service;
    }

    private static ImmutableSortedDictionary<string, BackendConfig> Add(
        ServiceConfig service, int number, Random random)
    {
        // No two services share a nat backend.
        byte own = (byte)service.Name.Sum(c => c);
        IPAddress address = service.Vip.Address.GetAddressBytes() is { Length: 4 }
            ? new IPAddress([10, 0, own, (byte)number])
            : IPAddress.Parse($"2001:db8:{own:x}::{number:x}");
        return number > LastBackend
            ? throw new InvalidOperationException("Too many changes.")
            : service.Backends.Add(
                $"b{number}", new BackendConfig($"b{number}", address, 8080, random.Next(1, 5) * 50, BackendAdmin.Enabled));
    }

    private static int Number(BackendConfig backend) => int.Parse(backend.Name.AsSpan(1));
}
