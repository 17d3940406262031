using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Lb.Actors;
using Lb.Host.Api;
using Lb.Kernel;
using Microsoft.AspNetCore.Http;

namespace Lb.Host.Commands;

/// <summary><c>kernel</c>: what the node has in the kernel, and whether it is still so.</summary>
internal static class KernelPalette
{
    public static Palette Palette { get; } = new(
        "kernel",
        "What the node has in the kernel: look, check, repair.",
        [
            new Command("show", "Interfaces, state and packets by verdict.", Changes: false, [], ShowKernelAsync),
            new Command(
                "maps", "The maps: types, sizes, entries in use, memory, pins; and the tables in them.", Changes: false, [], ShowMapsAsync),
            new Command(
                "cpus",
                "CPUs that packets are spread over, and what each of them has had.",
                Changes: false,
                [],
                KernelCpus.ShowAsync),
            new Command(
                "ports",
                "Ports of full-nat that are in use towards each backend, and the node's addresses for it.",
                Changes: false,
                [],
                KernelPorts.ShowAsync),
            new Command(
                "check",
                "Reads everything back now and says what differs from what was written; changes nothing. Fails when something does.",
                Changes: false,
                [],
                CheckAsync),
            new Command("repair", "The same, and repairs what differs.", Changes: true, [], RepairAsync),
        ]);

    private static async Task<CommandResult> ShowKernelAsync(CommandCall call, CancellationToken stop)
    {
        KernelSnapshot kernel = (await call.Context.Site.GetServicesAsync(stop)).Kernel;
        string interfaces = string.Join(
            "; ", kernel.Attachments.Select(a => $"{a.Interface} {Word.Of(a.Xdp)}{(a.Native ? "" : $" ({a.Reason})")}"));
        return CommandResult.Table(
            "verdict",
            [new("verdict", "Verdict"), new("packets", "Packets", Right: true), new("bytes", "Bytes", Right: true)],
            kernel.Verdicts.Select(pair => (ImmutableArray<string>)
            [
                Word.Of(pair.Key),
                pair.Value.Packets.ToString(CultureInfo.InvariantCulture),
                pair.Value.Bytes.ToString(CultureInfo.InvariantCulture),
            ])) with
        {
            Message = $"{Word.Of(kernel.Health)}{(kernel.Problem is null ? "" : $": {kernel.Problem}")}; "
                    + $"{kernel.Drifts} drifts repaired; {interfaces}"
                    + (kernel.WhyNotXdp is { } why ? $"; all services at traffic control: {why}" : "")
                    + string.Concat(kernel.FlowTables.Select(table => $"\n{Words(table.Use)}")),
        };
    }

    private static string Words(FlowTableUse use) => string.Create(
        CultureInfo.InvariantCulture,
        $"{FlowTableWords.What(use)}: {use.Entries} of {use.Room}, {use.Evicted} evicted");

    private static async Task<CommandResult> ShowMapsAsync(CommandCall call, CancellationToken stop)
    {
        KernelMaps kernel = await call.Context.AskAsync<KernelMaps>(new GetKernelMaps(), stop);
        ServicesSnapshot site = await call.Context.Site.GetServicesAsync(stop);
        CommandResult table = CommandResult.Table(
            "map",
            [
                new("map", "Map"), new("type", "Type"), new("key", "Key", Right: true), new("value", "Value", Right: true),
                new("capacity", "Capacity", Right: true), new("entries", "In use", Right: true),
                new("bytes", "Bytes", Right: true), new("pin", "Pin"),
            ],
            kernel.Maps.Select(map => (ImmutableArray<string>)
            [
                map.Name, map.Type, Number(map.KeySize), Number(map.ValueSize), Number(map.Capacity),
                map.Entries is { } entries ? Number(entries) : "", Number(map.Bytes), map.Pin ?? "",
            ]));
        return table with
        {
            Message = string.Join('\n', site.Services
                .Select(Summary)
                .Append($"{Number(kernel.Maps.Sum(map => map.Bytes))} bytes in {kernel.Maps.Length} kinds of maps")),
            Data = new JsonObject
            {
                ["maps"] = new JsonArray([.. kernel.Maps.Select(Data)]),
                ["services"] = new JsonArray([.. site.Services.Select(Data)]),
            },
        };
    }

    private static string Summary(ServiceSnapshot service) =>
        $"{service.Name} {service.Vip}: generation {service.Revision}"
        + (service.InKernel ? "" : $", {service.Problem ?? "being written"}")
        + $", {service.Slots} slots, {service.MovedSlots} moved, digest {(service.Digest.Length == 0 ? "none" : service.Digest)}";

    private static JsonObject Data(MapUse map) => new JsonObject
    {
        ["name"] = map.Name,
        ["type"] = map.Type,
        ["keySize"] = map.KeySize,
        ["valueSize"] = map.ValueSize,
        ["capacity"] = map.Capacity,
        ["entries"] = map.Entries,
        ["bytes"] = map.Bytes,
        ["pin"] = map.Pin,
    };

    private static JsonObject Data(ServiceSnapshot service) => new JsonObject
    {
        ["service"] = service.Name,
        ["vip"] = service.Vip.ToString(),
        ["generation"] = service.Revision,
        ["written"] = service.Written,
        ["digest"] = service.Digest,
        ["slots"] = service.Slots,
        ["movedSlots"] = service.MovedSlots,
    };

    private static async Task<CommandResult> CheckAsync(CommandCall call, CancellationToken stop)
    {
        KernelChecked found = await call.Context.AskAsync<KernelChecked>(new CheckKernel(), stop);
        return found.Differences.IsEmpty
            ? CommandResult.Say(
                $"The kernel holds what was written; read back in {Milliseconds(found.Took)} ms.",
                new JsonObject { ["differences"] = new JsonArray(), ["milliseconds"] = found.Took.TotalMilliseconds })
            : throw Drift(
                $"the kernel differs from what was written in {Count(found.Differences)}",
                "kernel repair mends it now; the next self-check does by itself",
                found.Differences);
    }

    private static async Task<CommandResult> RepairAsync(CommandCall call, CancellationToken stop)
    {
        KernelChecked found = await call.Context.AskAsync<KernelChecked>(new RepairKernel(), stop);
        if (!found.Unrepaired.IsEmpty)
        {
            throw Drift(
                $"{Count(found.Unrepaired)} could not be repaired, {found.Repairs.Length} repairs were made",
                "do what the reasons say; it is tried again at each self-check",
                found.Unrepaired);
        }

        CommandResult said = CommandResult.Say(
            found.Differences.IsEmpty
                ? $"Nothing to repair: the kernel holds what was written; read back in {Milliseconds(found.Took)} ms."
                : $"Repaired {Count(found.Differences)} in {Milliseconds(found.Took)} ms.",
            new JsonObject
            {
                ["differences"] = Words(found.Differences),
                ["repairs"] = Words(found.Repairs),
                ["milliseconds"] = found.Took.TotalMilliseconds,
            });
        return said with
        {
            Columns = found.Differences.IsEmpty ? [] : [new("what", "What"), new("words", "In words")],
            Rows =
            [
                .. found.Differences.Select(words => (ImmutableArray<string>)["differed", words]),
                .. found.Repairs.Select(words => (ImmutableArray<string>)["repaired", words]),
            ],
        };
    }

    /// <summary>The command did what it is for; its exit code says what it found.</summary>
    private static CommandFailure Drift(string detail, string mend, ImmutableArray<string> reasons) =>
        new(StatusCodes.Status412PreconditionFailed, "drift", detail, mend, reasons);

    private static JsonArray Words(ImmutableArray<string> words) => new([.. words.Select(word => JsonValue.Create(word))]);

    private static string Count(ImmutableArray<string> things) => things.Length == 1 ? "1 thing" : $"{things.Length} things";

    private static string Milliseconds(TimeSpan took) => took.TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture);

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
