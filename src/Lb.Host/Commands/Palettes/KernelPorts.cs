using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Lb.Actors;

namespace Lb.Host.Commands;

/// <summary><c>kernel ports</c>: what full-nat has in use.</summary>
internal static class KernelPorts
{
    public static async Task<CommandResult> ShowAsync(CommandCall call, CancellationToken stop)
    {
        ServicesSnapshot site = await call.Context.Site.GetServicesAsync(stop);
        if (site.Kernel.FullNat is not { } use)
        {
            return CommandResult.Say(
                "This node has no address for full-nat (full-nat.addresses), or has not looked at its flows yet.",
                new JsonObject { ["flows"] = 0 });
        }

        CommandResult table = CommandResult.Table(
            "backend",
            [
                new("service", "Service"), new("backend", "Backend"), new("address", "Address"),
                new("used", "Used", Right: true), new("room", "Of", Right: true), new("share", "Share", Right: true),
            ],
            use.Backends.Select(ports => Row(site, ports)));
        string sources = string.Join(", ", use.Sources.Select(source => $"{source.Address} ports {source.First} to {source.Last}"));
        return table with
        {
            Message = string.Create(
                CultureInfo.InvariantCulture,
                $"{use.Flows} flows of full-nat, {use.New} of them without a part of both ends yet; sent from {(sources.Length == 0 ? "no address any more" : sources)}"),
            Data = new JsonObject
            {
                ["flows"] = use.Flows,
                ["new"] = use.New,
                ["sources"] = new JsonArray([.. use.Sources.Select(source => new JsonObject
                {
                    ["address"] = source.Address.ToString(),
                    ["first"] = source.First,
                    ["last"] = source.Last,
                })]),
                ["backends"] = table.Data,
            },
        };
    }

    private static ImmutableArray<string> Row(ServicesSnapshot site, FullNatPorts ports)
    {
        ServiceSnapshot? service = site.Services.FirstOrDefault(known => known.Vip == ports.Vip);
        BackendSnapshot? backend = service?.Backends.FirstOrDefault(known => known.Ports == ports);
        return
        [
            service?.Name ?? ports.Vip.ToString(),
            backend?.Name ?? "",
            ports.Backend.ToString(),
            ports.Used.ToString(CultureInfo.InvariantCulture),
            ports.Room.ToString(CultureInfo.InvariantCulture),
            ports.Room == 0 ? "none" : ((double)ports.Used / ports.Room).ToString("P1", CultureInfo.InvariantCulture),
        ];
    }
}
