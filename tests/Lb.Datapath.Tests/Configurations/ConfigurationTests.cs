using System.Net;
using Lb.Actors;
using Lb.Datapath.Tests.Lab;
using Lb.Datapath.Tests.Packets;
using Lb.Kernel;
using Lb.Kernel.Programs;
using Lb.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using Xunit.Abstractions;

namespace Lb.Datapath.Tests.Configurations;

/// <summary>
/// Generated sites, written one after the other to a real kernel as the bridge does. Now and then the writer is stopped at some
/// write, as by a kill: what is there then is whole, and the next start goes on from it.
/// </summary>
/// <remarks>LB_CONFIGS sets how many, LB_CONFIGS_SEED which.</remarks>
public sealed class ConfigurationTests(Testbed bed, ITestOutputHelper output) : DatapathTest(bed)
{
    private static readonly int s_count = Setting.Number("LB_CONFIGS", 3000);
    private readonly Testbed _bed = bed;

    [RootFact]
    public void The_kernel_takes_every_configuration_after_every_other_and_is_whole_wherever_a_writer_stops() => _bed.Run(() =>
    {
        int seed = Setting.Number("LB_CONFIGS_SEED", Random.Shared.Next());
        Random random = new(seed);
        GeneratedStates states = new(random);
        using BpfObject opened = new DatapathSpec(
            new MapSizes
            {
                Services = GeneratedStates.MostServices,
                Backends = (GeneratedStates.MostServices * GeneratedStates.MostBackends) + 1,
                Flows = 1024,
                Pending = 1024,
                Direct = 64,
                FlowLog = 4096,
                FlowNews = 4096,
            },
            0).Open(NullLogger.Instance);
        opened.Load();
        using LoadedDatapath datapath = new(opened);
        int writes = 0;
        int stops = 0;
        for (int i = 0; i < s_count; i++)
        {
            KernelState desired = states.Next();
            IReadOnlyList<KernelOperation> operations = KernelDiff.Between(Read(datapath), desired);
            if (random.Next(4) == 0)
            {
                Write(operations.Take(random.Next(operations.Count + 1)));
                AssertWhole(Read(datapath), $"seed {seed}, configuration {i}, stopped");
                operations = KernelDiff.Between(Read(datapath), desired);
                stops++;
            }

            Write(operations);
            KernelState held = Read(datapath);
            Assert.Empty(KernelDiff.Between(held, desired));
            AssertWhole(held, $"seed {seed}, configuration {i}");
            Packets(datapath, held);
        }

        output.WriteLine($"seed {seed}: {s_count} configurations, {writes} writes, {stops} stopped");

        void Write(IEnumerable<KernelOperation> some)
        {
            KernelOperation[] all = [.. some];
            IReadOnlyList<KernelFailure> failures = KernelWriter.Write(datapath, all);
            Assert.True(failures.Count == 0, $"seed {seed}: {string.Join("; ", failures)}");
            writes += all.Length;
        }
    });

    private static KernelState Read(LoadedDatapath datapath) =>
        KernelState.Read(datapath, Enumerable.Range(0, GeneratedStates.MostServices).Select(table => (uint)table));

    /// <summary>Whatever an entry names is there, and belongs to the same service.</summary>
    private static void AssertWhole(KernelState state, string when)
    {
        Assert.All(state.Ranges, range => Assert.True(state.Services.ContainsKey(range), $"{when}: packets find {range}, which is not there"));
        Assert.All(state.ServerIds, id => Assert.True(
            state.Backends.GetValueOrDefault(id.Value)?.Service == id.Key.Service,
            $"{when}: {id.Key} names backend {id.Value}, which is {state.Backends.GetValueOrDefault(id.Value)}"));
        foreach ((Endpoint vip, ServiceEntry service) in state.Services.Where(service => service.Value.Slots > 0))
        {
            Assert.True(vip.IsRange || state.Vips.Contains(vip.Address), $"{when}: {vip} is no VIP");
            Slot[] table = state.Tables.GetValueOrDefault(service.Table, []);
            Assert.True(table.Length == service.Slots, $"{when}: {vip} has {service.Slots} slots and a table of {table.Length}");
            foreach (uint backend in table.SelectMany(slot => new[] { slot.Current, slot.Previous }).Where(backend => backend != 0).Distinct())
            {
                Assert.True(
                    state.Backends.GetValueOrDefault(backend)?.Service == service.Id,
                    $"{when}: a slot of {vip} names backend {backend}, which is {state.Backends.GetValueOrDefault(backend)}");
            }
        }
    }

    /// <summary>The program goes with it, too.</summary>
    private static void Packets(LoadedDatapath datapath, KernelState state)
    {
        foreach (Endpoint vip in state.Services.Keys.Take(2))
        {
            IPEndPoint client = new(vip.Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork
                ? IPAddress.Parse("198.51.100.7") : IPAddress.Parse("2001:db8:1::7"), 40_000);
            IPEndPoint to = new(vip.Address, vip.Port);
            Packet packet = vip.Protocol == TransportProtocol.Udp ? Packet.Udp(client, to) : Packet.Syn(client, to);
            Assert.NotEqual(XdpAction.Aborted, datapath.Program.Run(packet.ToBytes(), ingressInterface: 1).Action);
        }
    }
}
