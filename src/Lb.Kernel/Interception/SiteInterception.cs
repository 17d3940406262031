using System.Net.Sockets;
using System.Text;
using Lb.Kernel.Netlink;
using Lb.Kernel.Nftables;

namespace Lb.Kernel.Interception;

/// <summary>
/// What takes packets of relayed services out of the host's forwarding: the site's nftables table, and for each address
/// family a routing rule and the route that it leads to. Nothing else of the host is touched.
/// </summary>
internal sealed class SiteInterception
{
    /// <summary>Before the host's own tables, after the table of its local addresses.</summary>
    private const uint RulePriority = 1000;

    /// <summary>The upper half of marks and routing tables; the lower half tells sites apart.</summary>
    private const uint Base = 0x4c62_0000;

    /// <summary>The upper half of the marks of sockets: no routing rule of ours asks for them.</summary>
    private const uint SocketBase = 0x4c63_0000;

    private readonly InterceptTable _table;
    private readonly MarkRule _rule;
    private IReadOnlySet<Endpoint> _written = new HashSet<Endpoint>();
    private string? _listing;

    public SiteInterception(DatapathOptions options)
    {
        uint mark = Base | Number(options.Site);
        _table = new InterceptTable(options.Site, mark, SocketMark(options));
        _rule = new MarkRule(RulePriority, mark, mark);
    }

    /// <summary>Firewall mark and number of the routing table of a site: the same at every start.</summary>
    public uint Mark => _rule.Mark;

    /// <summary>Mark of the packets that sockets of relays send; 0 when they have none.</summary>
    public static uint SocketMark(DatapathOptions options) =>
        options.BypassConntrack ? SocketBase | Number(options.Site) : 0;

    /// <summary>What is intercepted: all that was written, or nothing when a part of it is not as it was written.</summary>
    public IReadOnlySet<Endpoint> Read()
    {
        if (_written.Count == 0)
        {
            return _written;
        }

        using var netlink = new NetlinkSocket();
        bool whole = _table.Read() == _listing && Families(_written).All(family =>
            RuleRequests.Has(netlink, family, _rule)
            && LocalRouteRequests.Takes(netlink, family, _rule.Mark, _rule.Table));
        return whole ? _written : new HashSet<Endpoint>();
    }

    /// <summary>What is not there of all that these services take, as people name it.</summary>
    public IReadOnlyList<string> Missing(IReadOnlyCollection<Endpoint> services)
    {
        using var netlink = new NetlinkSocket();
        List<string> missing = [];
        if (_table.Read() is null)
        {
            missing.Add($"the table {_table.Name} of nftables");
        }

        foreach (AddressFamily family in Families(services))
        {
            string ip = family == AddressFamily.InterNetwork ? "ip" : "ip -6";
            if (!RuleRequests.Has(netlink, family, _rule))
            {
                missing.Add($"the rule {_rule.Priority} of '{ip} rule'");
            }
            else if (!LocalRouteRequests.Takes(netlink, family, _rule.Mark, _rule.Table))
            {
                missing.Add($"the way of marked packets to table {_rule.Table} ('{ip} route show table {_rule.Table}')");
            }
        }

        return missing;
    }

    /// <summary>Intercepts exactly these services.</summary>
    public void Write(IReadOnlySet<Endpoint> services)
    {
        if (services.Count == 0)
        {
            Remove();
            return;
        }

        using var netlink = new NetlinkSocket();
        AddressFamily[] families = [.. Families(services)];
        foreach (AddressFamily family in families)
        {
            LocalRouteRequests.Add(netlink, family, _rule.Table);
            RuleRequests.Add(netlink, family, _rule);
        }

        _table.Write([.. services]);
        _listing = _table.Read();
        _written = services;
        foreach (AddressFamily family in Both.Except(families))
        {
            RemoveRoute(netlink, family);
        }
    }

    /// <summary>Removes all of it, whoever made it.</summary>
    /// <returns>False when there was nothing.</returns>
    public bool Remove()
    {
        using var netlink = new NetlinkSocket();
        bool found = Both.Any(family => RuleRequests.Has(netlink, family, _rule));
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

        _written = new HashSet<Endpoint>();
        _listing = null;
        return found;
    }

    private static AddressFamily[] Both { get; } = [AddressFamily.InterNetwork, AddressFamily.InterNetworkV6];

    private static IEnumerable<AddressFamily> Families(IEnumerable<Endpoint> services) =>
        services.Select(vip => vip.Address.AddressFamily).Distinct();

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
