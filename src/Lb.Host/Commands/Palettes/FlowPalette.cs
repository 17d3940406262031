using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Lb.Actors;
using Lb.Kernel;

namespace Lb.Host.Commands;

/// <summary><c>flow</c>: where packets go, and which flows are tracked.</summary>
internal static class FlowPalette
{
    private const int FewFlows = 50;
    private const int MostFlows = 10_000;

    private const string Limit = "limit";

    public static Palette Palette { get; } = new(
        "flow",
        "Where packets of a flow go and why; tracked flows.",
        [
            new Command(
                "list",
                "Tracked flows, some of them. Flows on clean slots are not tracked.",
                Changes: false,
                [
                    Arguments.Service with { Mandatory = false, Positional = false, Description = "Those of one service.", Short = "s" },
                    new ArgumentSpec(
                        Limit, $"How many are listed, 1 to {MostFlows}; {FewFlows} unless told.", ArgumentKind.Number, Short: "n"),
                ],
                ListAsync),
            new Command(
                "show",
                "One tracked flow.",
                Changes: false,
                [FlowArguments.Protocol, FlowArguments.Client, FlowArguments.Vip],
                ShowAsync),
            new Command(
                "lookup",
                "Where packets of a flow go by what the kernel holds, tracked or not, and why.",
                Changes: false,
                [FlowArguments.Protocol, FlowArguments.Client, FlowArguments.Vip],
                LookupAsync),
        ]);

    private static async Task<CommandResult> ListAsync(CommandCall call, CancellationToken stop)
    {
        long limit = call.Number(Limit) ?? FewFlows;
        if (limit is < 1 or > MostFlows)
        {
            throw CommandFailure.Usage($"a limit of {limit} is not possible", $"1 to {MostFlows}");
        }

        ServicesSnapshot site = await call.Context.Site.GetServicesAsync(stop);
        ServiceSnapshot? service = call.Find(Arguments.Service.Name) is { } name
            ? site.Services.FirstOrDefault(known => known.Name == name) ?? throw ServicePalette.NoService(name)
            : null;
        FlowList list = await call.Context.AskAsync<FlowList>(new ListFlows(service?.Vip, (int)limit), stop);
        CommandResult table = CommandResult.Table(
            "flow",
            [
                new("protocol", "Protocol"), new("client", "Client"), new("vip", "VIP"), new("service", "Service"),
                new("backend", "Backend"), new("slot", "Slot", Right: true), new("state", "State"),
                new("idle", "Idle s", Right: true), new("sentFrom", "Sent from"),
            ],
            list.Flows.Select(flow => Row(site, flow)));
        string about = service is null ? "" : $" of {service.Name}, {list.All} in all";
        return table with
        {
            Message = $"{list.Matching} tracked flows{about}; {list.Pending} of them have sent a SYN alone. "
                + "Only flows on moved slots are tracked, and all of services with tracking = full or mode = full-nat.",
            Data = new JsonObject
            {
                ["all"] = list.All,
                ["matching"] = list.Matching,
                ["pending"] = list.Pending,
                ["flows"] = table.Data,
            },
        };
    }

    private static ImmutableArray<string> Row(ServicesSnapshot site, TrackedFlow flow) =>
    [
        Api.Word.Of(flow.Flow.Protocol),
        new IPEndPoint(flow.Flow.Source, flow.Flow.SourcePort).ToString(),
        new IPEndPoint(flow.Flow.Vip, flow.Flow.VipPort).ToString(),
        NameOf(site, flow.Service),
        BackendName(site, flow),
        flow.Slot.ToString(CultureInfo.InvariantCulture),
        flow.Pending ? "pending" : "established",
        flow.Idle.TotalSeconds.ToString("0", CultureInfo.InvariantCulture),
        flow.SentFrom?.ToString() ?? "",
    ];

    private static string NameOf(ServicesSnapshot site, Endpoint? vip) => vip is null
        ? "gone"
        : site.Services.FirstOrDefault(service => service.Vip == vip)?.Name ?? vip.Value.ToString();

    private static string BackendName(ServicesSnapshot site, TrackedFlow flow) => flow.Backend is not { } socket
        ? "gone"
        : site.Services.Where(service => service.Vip == flow.Service)
            .SelectMany(service => service.Backends)
            .FirstOrDefault(backend => backend.Address.Equals(socket.Address) && backend.Port == socket.Port)?.Name
            ?? socket.ToString();

    private static async Task<CommandResult> ShowAsync(CommandCall call, CancellationToken stop)
    {
        FlowExplanation? explained = await ExplainAsync(call, stop);
        FlowRecord entry = explained?.Trace.Full ?? explained?.Trace.Established ?? explained?.Trace.Pending
            ?? throw CommandFailure.NotThere(
                "the flow is not tracked", "flow lookup says where its packets go; flow list shows tracked flows");
        FlowWords words = new(explained!);
        return CommandResult.Table(
            "flow",
            [
                new("flow", "Flow"), new("service", "Service"), new("backend", "Backend"),
                new("slot", "Slot", Right: true), new("state", "State"), new("idle", "Idle s", Right: true),
                new("used", "Used"), new("sentFrom", "Sent from"),
            ],
            [
                [
                    words.Flow, words.Service, words.Backend(entry.Backend),
                    entry.Slot.ToString(CultureInfo.InvariantCulture), entry.Pending ? "pending" : "established",
                    entry.Idle.TotalSeconds.ToString("0", CultureInfo.InvariantCulture),
                    words.IsUsed(entry) ? "yes" : "no", entry.SentFrom?.ToString() ?? "",
                ],
            ]);
    }

    private static async Task<CommandResult> LookupAsync(CommandCall call, CancellationToken stop)
    {
        if (await ExplainAsync(call, stop) is not { } explained)
        {
            return CommandResult.Say(
                $"{call.Text(FlowArguments.Protocol.Name)} has no flows here: services are TCP, UDP or SCTP. "
                + "A ping to a VIP is answered by the node; an ICMP error to a VIP goes to the backend of the flow that it is "
                + "about, which flow lookup finds; anything else passes to the host.",
                new JsonObject { ["service"] = null });
        }

        if (explained.Trace.Service is null)
        {
            return FlowReport.WithoutService(explained);
        }

        FlowReport report = new(explained, await FlowCauses.ReadAsync(call, explained.Story, stop));
        return report.ToResult();
    }

    /// <summary>The flow that a command is about; null for a protocol that has none.</summary>
    private static async Task<FlowExplanation?> ExplainAsync(CommandCall call, CancellationToken stop) =>
        FlowArguments.Read(call) is { } flow
            ? await call.Context.AskAsync<FlowExplanation>(new ExplainFlow(flow), stop)
            : null;
}
