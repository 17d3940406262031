using Lb.Kernel.Netlink;

namespace Lb.Kernel.Interception;

/// <summary>
/// The program <c>lb_tc</c> on the interfaces of a site, loaded when it is first needed. A service's entry says
/// whether the program is to look after it.
/// </summary>
/// <param name="filters">Where it hangs.</param>
/// <param name="load">Loads it.</param>
/// <param name="interfaces">Indexes of the site's interfaces.</param>
internal sealed class TcInterception(
    SiteFilters filters, Func<TcProgram> load, Func<IReadOnlyCollection<int>> interfaces) : IDisposable
{
    private TcProgram? _program;

    /// <summary>Why it cannot be had; null while nothing speaks against it.</summary>
    public string? Problem { get; private set; }

    /// <summary>Whether the program is on all of the interfaces.</summary>
    public bool IsWhole(NetlinkSocket netlink) =>
        _program is { } program && interfaces().All(index => filters.Has(netlink, index, program.Id));

    /// <summary>Loads the program if it is not: afterwards <see cref="Problem"/> says whether it can be.</summary>
    public void TryLoad()
    {
        try
        {
            _program ??= load();
        }
        catch (KernelException reason)
        {
            Problem = reason.Message;
        }
    }

    /// <summary>Puts the program on all of the interfaces, and on no other.</summary>
    public void Put(NetlinkSocket netlink)
    {
        try
        {
            _program ??= load();
            foreach (int index in interfaces())
            {
                filters.Put(netlink, index, _program.Descriptor.Value, _program.Id);
            }

            filters.RemoveExcept(netlink, interfaces());
            Problem = null;
        }
        catch (KernelException reason)
        {
            Problem = reason.Message;
            throw;
        }
    }

    public void Dispose() => _program?.Dispose();
}
