using Lb.Datapath.Tests.Lab;
using Lb.Kernel;
using Lb.Testing;
using Xunit;

namespace Lb.Datapath.Tests.Cases;

/// <summary>Tables are replaced whole while packets go through.</summary>
public sealed class TableSwapTests(Testbed bed) : DatapathTest(bed)
{
    private const int Swaps = 400;

    /// <summary>Each generation sends everything to one backend; so many in a row are told apart.</summary>
    private const uint Generations = 8;

    private readonly Testbed _bed = bed;

    [RootTheory]
    [InlineData(4099, 4099)]
    [InlineData(4099, 1021)]
    public void Packet_sees_the_old_table_or_the_new_one_and_never_goes_back(int slots, int otherSlots)
    {
        Scene scene = Tcp(Delivery.Ipip4In4);
        for (uint index = 4; index <= Generations; index++)
        {
            scene.AddBackend(index);
        }

        scene.World.Tables[Scene.TableIndex] = Table(0, slots);
        scene.With(service => service with { Slots = (uint)slots });
        byte[][] frames = [.. Enumerable.Range(0, 64).Select(
            n => scene.Packet().ComingFrom(new(scene.Delivery.Client().Address, 1024 + (n * 977))).ToBytes())];
        _bed.Run(() =>
        {
            _bed.Kernel.Apply(scene.World);
            Watch(scene, frames, slots, otherSlots);
            _bed.Kernel.Forget();
        });
    }

    private static Slot[] Table(int generation, int slots) =>
        [.. Enumerable.Repeat(new Slot(1 + ((uint)generation % Generations)), slots)];

    /// <summary>Swaps on a thread of its own; every packet meanwhile must fit a generation that it could see.</summary>
    private void Watch(Scene scene, byte[][] frames, int slots, int otherSlots)
    {
        int begun = 0;
        int done = 0;
        Task swapping = Task.Run(() =>
        {
            for (int generation = 1; generation <= Swaps; generation++)
            {
                Slot[] table = Table(generation, generation % 2 == 0 ? slots : otherSlots);
                Volatile.Write(ref begun, generation);
                _bed.Kernel.Datapath.SwapTable(Scene.TableIndex, table);
                Volatile.Write(ref done, generation);
            }
        });
        int seen = 0;
        for (int sent = 0; !swapping.IsCompleted; sent++)
        {
            int earliest = Math.Max(seen, Volatile.Read(ref done));
            TestRun run = _bed.Kernel.Run(frames[sent % frames.Length], scene.World.Ingress);
            int latest = Volatile.Read(ref begun);
            Assert.Equal(XdpAction.Redirect, run.Action);
            uint backend = run.Packet[5];
            seen = Enumerable.Range(earliest, latest - earliest + 1)
                .FirstOrDefault(generation => 1 + ((uint)generation % Generations) == backend, -1);
            Assert.True(seen >= 0, $"backend {backend} is of no generation from {earliest} to {latest}");
        }

        swapping.GetAwaiter().GetResult();
    }
}
