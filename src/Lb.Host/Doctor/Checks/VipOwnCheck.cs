using System.Net;
using Lb.Actors;

namespace Lb.Host.Doctor.Checks;

/// <summary>No prefix of VIPs takes the host's own addresses along, by which it is administered.</summary>
internal sealed class VipOwnCheck : IHostCheck
{
    public IEnumerable<Finding> Examine(Examination host)
    {
        foreach (ServiceConfig service in host.Site.Services.Values.Where(service => service.Vip.IsPrefix))
        {
            foreach (IPAddress own in host.Facts.Interfaces
                .SelectMany(listed => listed.Addresses)
                .Distinct()
                .Where(service.Vip.Covers))
            {
                yield return Finding.Warning(
                    "vip-own",
                    $"{own}",
                    $"Service {service.Name} ({service.Vip}) covers {own}, which is an address of this host.",
                    $"What is sent to {own} at its ports goes to backends: your own session to the host may be among it.",
                    $"write a prefix without {own}, or narrow the ports of {service.Name} to those that the host does not serve");
            }
        }
    }
}
