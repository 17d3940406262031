using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Lb.Kernel;

namespace Lb.Bench;

/// <summary>All that a run has found.</summary>
internal sealed record Report(
    IReadOnlyList<PacketResult> Packets,
    IReadOnlyList<LiveResult> Live,
    IReadOnlyList<SpreadResult> Spread,
    IReadOnlyList<TableResult> Tables,
    IReadOnlyList<MapUse> Maps,
    int VerifiedInstructions,
    IReadOnlyList<Bar> Bars)
{
    private const double Mebibyte = 1024 * 1024;

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter() },
    };

    public void Print(TextWriter to)
    {
        PrintPackets(to);
        PrintLive(to);
        PrintSpread(to);
        PrintTables(to);
        PrintMemory(to);
        foreach (Bar bar in Bars)
        {
            to.WriteLine(bar);
        }
    }

    /// <summary>Writes the same as JSON; returns the path.</summary>
    public string Save(string directory)
    {
        Directory.CreateDirectory(directory);
        string path = Path.Combine(directory, "results.json");
        var content = new
        {
            Time = DateTimeOffset.UtcNow,
            Kernel = Environment.OSVersion.VersionString,
            Packets = Packets.Select(result => new
            {
                result.Case.Workload.Name,
                Tracking = result.Case.Workload.Service?.Tracking,
                result.Case.Flows,
                result.Net,
                result.Floor,
            }),
            Live,
            Spread,
            Tables,
            Maps,
            Connections = ConnectionMemory.Of(Maps),
            VerifiedInstructions,
            Bars,
        };
        File.WriteAllText(path, JsonSerializer.Serialize(content, Json) + Environment.NewLine);
        return path;
    }

    private void PrintPackets(TextWriter to)
    {
        if (Packets.Count == 0)
        {
            return;
        }

        to.WriteLine("ns per packet above the floor");
        to.WriteLine($"{"packets",-18} {"tracking",-9} {"flows",9} {"min",8} {"median",8} {"spread",7} {"floor",7} {"full/min.",10}");
        foreach (PacketResult result in Packets)
        {
            string tracking = result.Case.Workload.Service?.Tracking.ToString() ?? "";
            to.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Case.Workload.Name,-18} {tracking,-9} {result.Case.Flows,9:N0} {result.Net.Min,8:0.0} {result.Net.Median,8:0.0} {result.Net.Spread,7:P0} {result.Floor.Median,7:0.0} {Ratio(result),10}"));
        }

        to.WriteLine();
    }

    private void PrintLive(TextWriter to)
    {
        if (Live.Count == 0)
        {
            return;
        }

        to.WriteLine("live frames, Mpps");
        to.WriteLine($"{"packets",-18} {"flows",9} {"min",7} {"median",7} {"max",7} {"stub",7} {"of stub",8}");
        foreach (LiveResult result in Live)
        {
            to.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Name,-18} {result.Flows,9:N0} {result.Mpps.Min,7:0.00} {result.Mpps.Median,7:0.00} {result.Mpps.Max,7:0.00} {result.Stub.Median,7:0.00} {result.OfStub,8:0.00}"));
        }

        to.WriteLine();
    }

    private void PrintSpread(TextWriter to)
    {
        if (Spread.Count == 0)
        {
            return;
        }

        to.WriteLine("frames that one CPU brings in, Mpps that arrive");
        to.WriteLine($"{"way",-48} {"min",7} {"median",7} {"max",7} {"in",7} {"lost",7}");
        foreach (SpreadResult result in Spread)
        {
            to.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Name,-48} {result.Mpps.Min,7:0.00} {result.Mpps.Median,7:0.00} {result.Mpps.Max,7:0.00} {result.In.Median,7:0.00} {result.Lost.Median,7:P0}"));
        }

        to.WriteLine();
    }

    private void PrintTables(TextWriter to)
    {
        foreach (TableResult table in Tables)
        {
            to.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"table of {table.Slots:N0} slots, {table.Backends:N0} backends: build {Describe(table.Build)}, swap {Describe(table.Swap)}"));
        }

        to.WriteLine();
    }

    private void PrintMemory(TextWriter to)
    {
        to.WriteLine($"{"memory of maps",-34} {"room for",12} {"MiB",9}");
        foreach (MapUse map in Maps.Where(map => map.Bytes >= Mebibyte).OrderByDescending(map => map.Bytes))
        {
            to.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{map.Name + ", " + map.Type,-34} {map.Capacity,12:N0} {map.Bytes / Mebibyte,9:0.0}"));
        }

        to.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{"all " + Maps.Count + " maps",-34} {"",12} {Maps.Sum(map => map.Bytes) / Mebibyte,9:0.0}"));
        to.WriteLine();
        to.WriteLine($"{"memory of connections",-34} {"bytes each",12} {"MiB/mio.",9}");
        foreach (ConnectionMemory kind in ConnectionMemory.Of(Maps))
        {
            to.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{kind.Name,-34} {kind.Bytes,12:0.0} {kind.Bytes * 1_000_000 / Mebibyte,9:0.0}"));
        }

        to.WriteLine();
    }

    private static string Describe(Statistics ms) =>
        string.Create(CultureInfo.InvariantCulture, $"min {ms.Min:0.00} ms, median {ms.Median:0.00} ms, max {ms.Max:0.00} ms");

    private string Ratio(PacketResult full)
    {
        if (full.Case.Workload.Service?.Tracking != Tracking.Full)
        {
            return "";
        }

        PacketResult minimal = Packets.First(result =>
            result.Case.Workload.Name == full.Case.Workload.Name && result.Case.Flows == full.Case.Flows);
        return string.Create(CultureInfo.InvariantCulture, $"{full.Net.Median / minimal.Net.Median:0.0}x");
    }
}
