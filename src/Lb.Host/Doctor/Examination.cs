using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Lb.Actors;
using Lb.Host.Configuration;
using Lb.Host.Doctor.Checks;
using Lb.Kernel;
using Lb.Kernel.Host;

namespace Lb.Host.Doctor;

/// <summary>The facts of a host beside what a site wants of it.</summary>
internal sealed class Examination
{
    public Examination(SiteConfig site, NodeOptions node, HostFacts facts)
    {
        Site = site;
        Node = node;
        Facts = facts;
        Listed = [.. node.Interfaces.Select(facts.Interface).OfType<InterfaceFacts>()];
        Exits = [.. facts.Backends.Select(backend => backend.Route?.Interface).OfType<string>()];
        ClientSide = node.Interfaces.All(Exits.Contains)
            ? Listed
            : [.. Listed.Where(listed => !Exits.Contains(listed.Name))];
    }

    public SiteConfig Site { get; }

    public NodeOptions Node { get; }

    public HostFacts Facts { get; }

    /// <summary>The interfaces of the configuration that are there.</summary>
    public ImmutableArray<InterfaceFacts> Listed { get; }

    /// <summary>Names of the interfaces that backends are reached by.</summary>
    public ImmutableHashSet<string> Exits { get; }

    /// <summary>
    /// The listed interfaces that clients arrive by: those that no backend is reached by; all, where backends are behind
    /// each of them.
    /// </summary>
    public ImmutableArray<InterfaceFacts> ClientSide { get; }

    /// <summary>The services that relays carry.</summary>
    public IEnumerable<ServiceConfig> Relayed =>
        Site.Services.Values.Where(service => service.Mode == ForwardingMode.Tproxy);

    /// <summary>Whether services may be forwarded by XDP of drivers: traffic control takes all where one has none.</summary>
    public bool IsAtXdp => Node.Attach != AttachMode.Generic && Listed.All(listed => IsNative(listed) && !FrameSizeCheck.Reports(this, listed));

    /// <summary>
    /// Who runs the site: the process that has its lock, unless that is known to be no lbd; null when nobody does.
    /// </summary>
    public ProcessReference? Runner =>
        Facts.Site.LockHolder is { Command: null or "lbd" or "dotnet" } holder ? holder : null;

    /// <summary>Whether an interface has the program in its driver, or will have.</summary>
    public bool IsNative(InterfaceFacts listed) =>
        Node.Attach != AttachMode.Generic
        && (listed.Xdp is { Ours: true } ours ? ours.Native : CanBeNative(listed) ?? listed.Kind is null or "veth");

    /// <summary>Whether its driver runs XDP programs; null when the kernel does not tell.</summary>
    public static bool? CanBeNative(InterfaceFacts facts) => facts.Features?.HasFlag(XdpFeatures.Basic);

    /// <summary>The services of a forwarding mode whose VIP is of a family.</summary>
    public IEnumerable<ServiceConfig> Services(ForwardingMode mode, AddressFamily family) => Site.Services.Values
        .Where(service => service.Mode == mode && service.Vip.Address.AddressFamily == family);

    /// <summary>The interfaces that backends of a service are reached by.</summary>
    public IEnumerable<InterfaceFacts> ExitsOf(ServiceConfig service) => service.Backends.Values
        .Select(backend => Backend(backend.Address)?.Route?.Interface)
        .OfType<string>()
        .Distinct()
        .Select(Facts.Interface)
        .OfType<InterfaceFacts>();

    /// <summary>The services whose replies pass this node: of nat and full-nat.</summary>
    public IEnumerable<ServiceConfig> Answering(AddressFamily family) =>
        Services(ForwardingMode.Nat, family).Concat(Services(ForwardingMode.FullNat, family));

    /// <summary>The interfaces that those replies arrive by.</summary>
    public IReadOnlyList<InterfaceFacts> ReplyInterfaces(AddressFamily family) =>
        [.. Answering(family).SelectMany(ExitsOf).DistinctBy(facts => facts.Name)];

    /// <summary>How a backend is reached.</summary>
    public BackendFacts? Backend(IPAddress address) =>
        Facts.Backends.FirstOrDefault(backend => backend.Address.Equals(address));

    /// <summary>A backend as sentences name it: <c>web/b1 (10.0.2.11)</c>, with the first service that has it.</summary>
    public string NameOf(BackendFacts facts)
    {
        string? name = Site.Services.Values
            .SelectMany(service => service.Backends.Values
                .Where(backend => backend.Address.Equals(facts.Address))
                .Select(backend => $"{service.Name}/{backend.Name}"))
            .FirstOrDefault();
        return name is null ? $"{facts.Address}" : $"{name} ({facts.Address})";
    }

    /// <summary>A link-layer address as other tools write it.</summary>
    public static string Show(PhysicalAddress address) => string.Join(
        ':', Convert.ToHexStringLower(address.GetAddressBytes()).Chunk(2).Select(pair => new string(pair)));

    /// <summary>Names in a sentence; of many the first few.</summary>
    public static string Enumerate(IReadOnlyCollection<string> names)
    {
        const int Most = 4;
        string shown = string.Join(", ", names.Take(Most));
        return names.Count > Most ? $"{shown} and {names.Count - Most} more" : shown;
    }
}
