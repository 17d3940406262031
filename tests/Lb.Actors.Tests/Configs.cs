using System.Collections.Immutable;
using System.Net;
using Lb.Kernel;

namespace Lb.Actors.Tests;

/// <summary>Configs for tests: b1, b2 … are 10.0.2.1, 10.0.2.2 … on port 8080.</summary>
internal static class Configs
{
    public static readonly Endpoint Vip = new(IPAddress.Parse("192.0.2.10"), 80, TransportProtocol.Tcp);

    public static readonly HealthConfig Health = new(
        new HealthCheck.TcpConnect(),
        Port: 0,
        Interval: TimeSpan.FromMilliseconds(20),
        Timeout: TimeSpan.FromSeconds(5),
        Rise: 2,
        Fall: 3,
        Jitter: 0);

    public static readonly ChangeInfo Info = new(
        ChangeOrigin.File, "test", "site.conf", "", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public static readonly ChangeInfo Operator = Info with
    {
        Origin = ChangeOrigin.Runtime,
        Who = "ops",
        From = "127.0.0.1",
        Why = "maintenance",
    };

    public static SiteConfig Site(params ServiceConfig[] services) => new(
        "test",
        [],
        services.ToImmutableSortedDictionary(service => service.Name, service => service),
        new FlowsConfig(TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(30)),
        TimeSpan.FromMilliseconds(50));

    public static ServiceConfig Service(params BackendConfig[] backends) => new(
        "web",
        Vip,
        ForwardingMode.Nat,
        Tracking.Minimal,
        TimeSpan.FromMinutes(15),
        Slots: 251,
        Seed: 7,
        backends.ToImmutableSortedDictionary(backend => backend.Name, backend => backend),
        Health);

    public static ServiceConfig Named(this ServiceConfig service, string name, string vip) => service with
    {
        Name = name,
        Vip = service.Vip with { Address = IPAddress.Parse(vip) },
    };

    public static ServiceConfig Unchecked(this ServiceConfig service) => service with
    {
        Health = service.Health with { Check = new HealthCheck.None() },
    };

    public static ServiceConfig Udp(this ServiceConfig service) => service with
    {
        Vip = service.Vip with { Protocol = TransportProtocol.Udp },
    };

    public static BackendConfig Backend(
        int number, int weight = 100, BackendAdmin admin = BackendAdmin.Enabled) =>
        new($"b{number}", Address(number), 8080, weight, admin);

    public static IPAddress Address(int number) => new([10, 0, (byte)(2 + (number >> 8)), (byte)number]);

    public static Endpoint Socket(int number) => new(Address(number), 8080, TransportProtocol.Tcp);
}
