using Lb.Kernel.Interception;
using Lb.Kernel.Netlink;

namespace Lb.Kernel.Programs;

/// <summary>
/// The program <c>lb_forward</c> on the interfaces of a site, while a service goes by it: it is there before the first entry says
/// so, and stays until the check after the last one has ceased to. What <c>lb_xdp</c> has left to it by then has passed.
/// </summary>
/// <param name="filters">Where it hangs.</param>
/// <param name="load">Loads it.</param>
/// <param name="interfaces">The site's interfaces.</param>
internal sealed class TcForwarding(
    SiteFilters filters, Func<ForwardProgram> load, Func<IReadOnlyCollection<AttachedInterface>> interfaces) : IDisposable
{
    private ForwardProgram? _program;

    /// <summary>Puts the program on all of the interfaces, in place of one of an earlier process, and on no other.</summary>
    /// <exception cref="KernelException">It cannot be loaded, or attached.</exception>
    public void Put()
    {
        _program ??= load();
        using var netlink = new NetlinkSocket();
        int[] indexes = [.. interfaces().Select(attached => attached.Index)];
        foreach (int index in indexes)
        {
            filters.Put(netlink, index, _program.Descriptor.Value, _program.Id);
        }

        filters.RemoveExcept(netlink, indexes);
    }

    /// <summary>Puts the program on the interfaces if this process has not done so.</summary>
    /// <exception cref="KernelException">It cannot be loaded, or attached.</exception>
    public void Ensure()
    {
        if (_program is null)
        {
            Put();
        }
    }

    /// <summary>Removes it from all interfaces, whoever has put it there.</summary>
    /// <returns>False when it was on none.</returns>
    public bool Remove()
    {
        using var netlink = new NetlinkSocket();
        bool found = filters.RemoveExcept(netlink, []);
        _program?.Dispose();
        _program = null;
        return found;
    }

    /// <summary>What is wrong with the interfaces that are to have it.</summary>
    public IEnumerable<SetupFault> Check()
    {
        using var netlink = new NetlinkSocket();
        return
        [
            .. interfaces()
                .Where(attached => _program is null || !filters.Has(netlink, attached.Index, _program.Id))
                .Select(attached => new SetupFault(
                    SetupPart.Filter, attached.Name, $"{EmbeddedObject.Forward} is not at traffic control of {attached.Name}")),
        ];
    }

    public void Dispose() => _program?.Dispose();
}
