using Lb.Kernel.Netlink;

namespace Lb.Kernel.Interception;

/// <summary>
/// A site's filters of one program at traffic control. They hang on <c>clsact</c>, of which an interface has one for all: it is made
/// where it is missing, and goes with the filter of who made it, unless others hang on it by then. The filter's name
/// says whether its site made it, so that a later start knows as well.
/// </summary>
internal sealed class SiteFilters(string site, uint mark, ushort priority)
{
    /// <summary>
    /// Of <c>lb_tc</c> among the filters of an interface; one of the site is told by its handle, which is the site's mark.
    /// </summary>
    public const ushort HandOver = 0x4c62;

    /// <summary>Of <c>lb_forward</c>, which looks at packets first.</summary>
    public const ushort Forward = 0x4c61;

    /// <summary>Interfaces whose clsact this process has made: it stays ours if somebody removes the filter alone.</summary>
    private readonly HashSet<int> _made = [];

    /// <summary>Name of the filters.</summary>
    public string Name { get; } = $"lb_{site}";

    private string NameWithClsact => $"{Name}+clsact";

    /// <summary>Whether some interface has a filter of the site.</summary>
    public bool Exist(NetlinkSocket netlink) =>
        LinkCatalog.Read(netlink).Any(link => Find(netlink, link.Index) is not null);

    /// <summary>Whether an interface has the program.</summary>
    public bool Has(NetlinkSocket netlink, int index, uint program) => Find(netlink, index)?.Bpf?.Id == program;

    /// <summary>Puts a program on an interface, in place of one of an earlier process: every packet meets one of them.</summary>
    /// <param name="netlink">Where the kernel is asked.</param>
    /// <param name="index">The interface.</param>
    /// <param name="program">Its descriptor.</param>
    /// <param name="id">The number that the kernel gave it.</param>
    public void Put(NetlinkSocket netlink, int index, int program, uint id)
    {
        TrafficFilter? present = Find(netlink, index);
        if (present?.Bpf?.Id == id)
        {
            return;
        }

        // Whichever of the site's two filters goes last takes clsact along.
        if (OfSite(netlink, index).Any(filter => filter.Bpf?.Name == NameWithClsact)
            || FilterRequests.AddClsact(netlink, index))
        {
            _made.Add(index);
        }

        FilterRequests.Add(
            netlink,
            index,
            mark,
            priority,
            program,
            _made.Contains(index) ? NameWithClsact : Name);
    }

    /// <summary>Removes the site's filter from every interface but some.</summary>
    /// <returns>False when there was none.</returns>
    public bool RemoveExcept(NetlinkSocket netlink, IReadOnlyCollection<int> kept)
    {
        bool found = false;
        foreach (LinkEntry link in LinkCatalog.Read(netlink).Where(link => !kept.Contains(link.Index)))
        {
            found |= Remove(netlink, link.Index);
        }

        return found;
    }

    private bool Remove(NetlinkSocket netlink, int index)
    {
        if (Find(netlink, index) is not { } filter)
        {
            return false;
        }

        FilterRequests.Delete(netlink, index, mark, priority);
        bool ours = filter.Bpf?.Name == NameWithClsact;
        bool used = FilterRequests.Read(netlink, index, FilterQueries.Ingress).Count > 0
            || FilterRequests.Read(netlink, index, FilterQueries.Egress).Count > 0;
        if (ours && !used)
        {
            FilterRequests.DeleteClsact(netlink, index);
            _made.Remove(index);
        }

        return true;
    }

    private TrafficFilter? Find(NetlinkSocket netlink, int index) =>
        OfSite(netlink, index).FirstOrDefault(filter => filter.Priority == priority);

    private IEnumerable<TrafficFilter> OfSite(NetlinkSocket netlink, int index) =>
        FilterRequests.Read(netlink, index, FilterQueries.Ingress).Where(filter =>
            filter.Handle == mark && (filter.Bpf?.Name == Name || filter.Bpf?.Name == NameWithClsact));
}
