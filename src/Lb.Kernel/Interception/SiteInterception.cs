using System.Net;
using System.Net.Sockets;
using System.Text;
using Lb.Kernel.Netlink;
using Lb.Kernel.Nftables;
using Lb.Kernel.Programs;

namespace Lb.Kernel.Interception;

/// <summary>
/// What takes packets of relayed services out of the host's forwarding: the site's nftables table or its program at
/// traffic control, and for each address family a routing rule and the route that it leads to; or the program that names
/// the sockets for addresses of the host. Nothing else of the host is touched.
/// </summary>
internal sealed partial class SiteInterception
{
    /// <summary>Before the host's own tables, after the table of its local addresses.</summary>
    private const uint RulePriority = 1000;

    /// <summary>The upper half of marks and routing tables; the lower half tells sites apart.</summary>
    private const uint Base = 0x4c62_0000;

    /// <summary>The upper half of the marks of sockets: no routing rule of ours asks for them.</summary>
    private const uint SocketBase = 0x4c63_0000;

    private readonly InterceptTable _table;
    private readonly MarkRule _rule;
    private readonly SitePins _pins;
    private readonly bool _hasPins;
    private readonly bool _bypasses;
    private IReadOnlySet<Intercept> _written = new HashSet<Intercept>();
    private string? _listing;
    private bool _first = true;

    public SiteInterception(DatapathOptions options)
    {
        uint mark = Base | Number(options.Site);
        _table = new InterceptTable(options.Site, mark, SocketMark(options));
        _rule = new MarkRule(RulePriority, mark, mark);
        Filters = new SiteFilters(options.Site, mark, SiteFilters.HandOver);
        _pins = new SitePins(options.BpfFs, options.Site);
        _hasPins = BpfFileSystem.IsAt(options.BpfFs);
        _bypasses = options.BypassConntrack;
    }

    /// <summary>Firewall mark and number of the routing table of a site: the same at every start.</summary>
    public uint Mark => _rule.Mark;

    /// <summary>Mark of the packets that sockets of relays send; 0 when they have none.</summary>
    public static uint SocketMark(DatapathOptions options) =>
        options.BypassConntrack ? SocketBase | Number(options.Site) : 0;

    /// <summary>Where a program of the site hangs at traffic control.</summary>
    public SiteFilters Filters { get; }

    /// <summary>The program at traffic control; null where nothing is to be attached.</summary>
    public TcInterception? Tc { get; set; }

    /// <summary>The program that names sockets; null where nothing is to be attached.</summary>
    public LookupInterception? Lookup { get; set; }

    /// <summary>What is intercepted: all that was written, without those of which a part is not as it was written.</summary>
    public IReadOnlySet<Intercept> Read()
    {
        if (_written.Count == 0)
        {
            return _written;
        }

        using var netlink = new NetlinkSocket();
        HashSet<AddressFamily> routed = [.. MarkedFamilies(_written).Where(family =>
            RuleRequests.Has(netlink, family, _rule)
            && LocalRouteRequests.Takes(netlink, family, _rule.Mark, _rule.Table))];
        HashSet<InterceptBy> whole = [];
        if (Uses(_written, InterceptBy.Tproxy) && _table.Read() == _listing)
        {
            whole.Add(InterceptBy.Tproxy);
        }

        if (Uses(_written, InterceptBy.Tc) && Tc!.IsWhole(netlink))
        {
            whole.Add(InterceptBy.Tc);
        }

        HashSet<Endpoint> named = Uses(_written, InterceptBy.SkLookup)
            ? Lookup!.Read().Where(vip => LocalAddressQueries.Has(netlink, vip.Address)).ToHashSet()
            : [];
        return _written
            .Where(intercept =>
                (intercept.By == InterceptBy.SkLookup ? named.Contains(intercept.Vip) : whole.Contains(intercept.By))
                && (intercept.Replies is not { } replies || whole.Contains(replies))
                && (!intercept.Marks || routed.Contains(intercept.Vip.Address.AddressFamily)))
            .ToHashSet();
    }

    /// <summary>
    /// Intercepts exactly these services. One that is asked to be intercepted as the host's own and is not is left out, and
    /// told when the others are.
    /// </summary>
    public void Write(IReadOnlySet<Intercept> services)
    {
        if (services.Count == 0)
        {
            Remove();
            return;
        }

        using var netlink = new NetlinkSocket();
        Intercept[] strange = [.. services.Where(service =>
            service.By == InterceptBy.SkLookup && !LocalAddressQueries.Has(netlink, service.Vip.Address))];
        services = services.Except(strange).ToHashSet();
        AddressFamily[] families = [.. MarkedFamilies(services)];
        foreach (AddressFamily family in families)
        {
            LocalRouteRequests.Add(netlink, family, _rule.Table);
            RuleRequests.Add(netlink, family, _rule);
        }

        WriteTable(services);
        if (Uses(services, InterceptBy.Tc))
        {
            (Tc ?? throw new InvalidOperationException("Nothing is attached here.")).Put(netlink);
        }
        else
        {
            Filters.RemoveExcept(netlink, []);
        }

        WriteLookup(services);
        _written = services;
        foreach (AddressFamily family in Both.Except(families))
        {
            RemoveRoute(netlink, family);
        }

        // One that changes to something else, as its address has gone, is as it should be.
        if (strange.FirstOrDefault(left => services.All(other => other.Vip != left.Vip)) is { Vip.Address: { } vip })
        {
            throw NotLocal(vip);
        }
    }

    /// <summary>Removes all of it, whoever made it.</summary>
    /// <returns>False when there was nothing.</returns>
    public bool Remove()
    {
        using var netlink = new NetlinkSocket();
        bool found = Both.Any(family => RuleRequests.Has(netlink, family, _rule));
        found |= Filters.RemoveExcept(netlink, []);
        found |= Lookup?.Remove() ?? (_hasPins && LookupInterception.RemovePinned(_pins));
        try
        {
            if (_table.Read() is not null)
            {
                found = true;
                _table.Delete();
            }
        }
        catch (KernelException) when (!found)
        {
            // Without libnftables nothing was ever written.
        }

        foreach (AddressFamily family in Both)
        {
            RemoveRoute(netlink, family);
        }

        _written = new HashSet<Intercept>();
        _listing = null;
        return found;
    }

    private static AddressFamily[] Both { get; } = [AddressFamily.InterNetwork, AddressFamily.InterNetworkV6];

    private static IEnumerable<AddressFamily> MarkedFamilies(IEnumerable<Intercept> services) =>
        services.Where(service => service.Marks).Select(service => service.Vip.Address.AddressFamily).Distinct();

    private static bool Uses(IEnumerable<Intercept> services, InterceptBy kind) =>
        services.Any(service => service.Uses(kind));

    private static KernelException NotLocal(IPAddress vip) => new(
        $"sk_lookup cannot take packets of {vip}: it is no address of this host, which no local route leads to.",
        $"Give the host the address (`ip address add {vip} dev lo`) or a local route "
        + $"(`ip route add local {vip} dev lo`), or let relay.interception be auto, tproxy or tc.");

    private void WriteLookup(IReadOnlySet<Intercept> services)
    {
        if (Uses(services, InterceptBy.SkLookup))
        {
            (Lookup ?? throw new InvalidOperationException("Nothing is attached here."))
                .Put(services.Where(service => service.By == InterceptBy.SkLookup).Select(s => s.Vip).ToHashSet());
        }
        else
        {
            Lookup?.Remove();
        }
    }

    /// <summary>Whether the process before this one has left a table to it.</summary>
    private bool IsInherited()
    {
        try
        {
            return _first && _table.Read() is not null;
        }
        catch (KernelException)
        {
            // Without libnftables nothing was ever written.
            return false;
        }
    }

    /// <summary>Without a service for it there is no table, and libnftables is not asked for one.</summary>
    private void WriteTable(IReadOnlySet<Intercept> services)
    {
        // What keeps packets out of connection tracking is in the table too, whoever takes them to their sockets.
        Endpoint[] vips =
            [.. services.Where(service => _bypasses || service.Uses(InterceptBy.Tproxy)).Select(s => s.Vip).Distinct()];
        if (vips.Length > 0)
        {
            HashSet<Endpoint> taken = [.. services.Where(s => s.By != InterceptBy.SkLookup).Select(s => s.Vip)];
            _table.Write(vips, [.. vips.Where(taken.Contains)]);
            _listing = _table.Read();
        }
        else if (_listing is not null || IsInherited())
        {
            _table.Delete();
            _listing = null;
        }

        _first = false;
    }

    private static uint Number(string site)
    {
        uint hash = 2166136261;
        foreach (byte letter in Encoding.UTF8.GetBytes(site))
        {
            hash = (hash ^ letter) * 16777619; // FNV-1a: stable across versions and processes
        }

        return (hash ^ (hash >> 16)) & 0xFFFF;
    }

    private void RemoveRoute(NetlinkSocket netlink, AddressFamily family)
    {
        RuleRequests.Delete(netlink, family, _rule);
        LocalRouteRequests.Delete(netlink, family, _rule.Table);
    }
}
