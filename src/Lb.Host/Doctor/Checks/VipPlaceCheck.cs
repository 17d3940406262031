namespace Lb.Host.Doctor.Checks;

/// <summary>A VIP that the host holds is not on an interface that only backends are behind.</summary>
internal sealed class VipPlaceCheck : IHostCheck
{
    public IEnumerable<Finding> Examine(Examination host) =>
        from vip in host.Facts.Vips
        where vip.Interface is not null
            && host.Exits.Contains(vip.Interface)
            && !host.ClientSide.Any(listed => listed.Name == vip.Interface)
        select Finding.Warning(
            "vip-place",
            $"{vip.Address}",
            $"The host holds VIP {vip.Address} on {vip.Interface}, by which backends are reached.",
            "Backends may take it for a neighbour of theirs, and dsr backends hold the same address.",
            $"ip addr del {vip.Address} dev {vip.Interface} && ip addr add {vip.Address} dev lo");
}
