using System.Net.Sockets;
using Lb.Kernel.Host;
using Lb.Kernel.Interop;
using Lb.Kernel.Netlink;
using Lb.Kernel.Programs;

namespace Lb.Kernel.Interception;

/// <summary>What another process can see of a site's interception.</summary>
internal sealed partial class SiteInterception
{
    /// <summary>What is not there of all that these services take, as people name it.</summary>
    public IReadOnlyList<string> Missing(IReadOnlyCollection<RelayedService> services)
    {
        using var netlink = new NetlinkSocket();
        List<string> missing = [];
        bool hasLink = LookupProgramId() is not null;
        if (!hasLink && services.Any(service => service.Wanted == InterceptBy.SkLookup))
        {
            missing.Add($"the link of {EmbeddedObject.Lookup} to the network namespace ({_pins.LookupPath})");
        }

        // Which it takes where that is left open is known to the process that runs.
        RelayedService[] marked = [.. services.Where(service => service.Source == RelaySource.Client || !(
            service.Wanted == InterceptBy.SkLookup
            || (service.Wanted == InterceptBy.Auto && hasLink && LocalAddressQueries.Has(netlink, service.Vip.Address))))];
        bool hasTable = _table.Read() is not null;
        if (marked.Any(TakesTable) && !hasTable)
        {
            missing.Add($"the table {_table.Name} of nftables");
        }
        else if (marked.Length > 0 && !hasTable && !Filters.Exist(netlink))
        {
            missing.Add($"the table {_table.Name} of nftables or the filter {Filters.Name} of traffic control");
        }

        foreach (AddressFamily family in marked.Select(service => service.Vip.Address.AddressFamily).Distinct())
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

    /// <summary>The program of the link that the site has pinned; null where there is none, or it was detached.</summary>
    public uint? LookupProgramId()
    {
        using Handles.Descriptor? pinned = _hasPins ? _pins.OpenLookup() : null;
        if (pinned is null)
        {
            return null;
        }

        using LookupLink link = new(pinned);
        LinkInfo info = link.Describe();
        return info.Namespace == 0 ? null : info.ProgramId;
    }

    private static bool TakesTable(RelayedService service) =>
        service.Wanted == InterceptBy.Tproxy
        || (service.Wanted != InterceptBy.Tc && service.Vip.Protocol == TransportProtocol.Udp);
}
