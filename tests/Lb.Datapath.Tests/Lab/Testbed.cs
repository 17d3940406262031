using System.Collections.Concurrent;
using System.Net;
using System.Runtime.ExceptionServices;
using Lb.Datapath.Tests.Model;
using Lb.Kernel;
using Lb.Testing;
using Xunit;

namespace Lb.Datapath.Tests.Lab;

/// <summary>
/// The loaded program in a namespace of its own, shared by the tests. All that touches the kernel happens on one
/// thread, which is in that namespace.
/// </summary>
public class Testbed : IDisposable
{
    public const string Name = "datapath";

    private readonly BlockingCollection<Action> _work = [];
    private readonly Lazy<Parts> _parts;
    private readonly bool _spreads;
    private int _threadId;

    public Testbed()
        : this(Hook.Xdp)
    {
    }

    protected Testbed(Hook hook, bool spreads = false)
    {
        Hook = hook;
        _spreads = spreads;
        _parts = new Lazy<Parts>(Start);
    }

    /// <summary>Whose program packets are sent through.</summary>
    internal Hook Hook { get; }

    internal int Ingress => _parts.Value.Surroundings.Front;

    internal int BackendInterface => _parts.Value.Surroundings.Back;

    internal KernelMirror Kernel => _parts.Value.Kernel;

    /// <summary>What other nodes were told of with the packet that was checked last.</summary>
    internal IReadOnlyList<FlowNews> LastNews { get; private set; } = [];

    internal Route RouteTo(IPAddress address) => _parts.Value.Surroundings.RouteTo(address);

    /// <summary>Runs something on the thread in the namespace.</summary>
    internal void Run(Action action)
    {
        _ = _parts.Value;
        if (Environment.CurrentManagedThreadId == _threadId)
        {
            action();
            return;
        }

        using var done = new ManualResetEventSlim();
        ExceptionDispatchInfo? failure = null;
        _work.Add(() =>
        {
            try
            {
                action();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }

            done.Set();
        });
        done.Wait();
        failure?.Throw();
    }

    /// <summary>Sends one packet through the program and the model and checks both.</summary>
    internal void Check(World world, byte[] frame, Expectation expected) => Run(() =>
    {
        Kernel.Apply(world);
        Kernel.ReadNews();
        Tally before = Counters();
        // What is made into an answer is cut, and the host's sum of it given up.
        bool isTold = expected.Counters.Verdicts.ContainsKey(Verdict.IcmpTooBig)
            || expected.Counters.Verdicts.ContainsKey(Verdict.TcpReset);
        TestRun run = Kernel.Run(frame, world.Ingress, hasSum: !isTold);
        string counters = Counters().Since(before).ToString();
        XdpAction action = Kernel.Seen(expected.Action);
        Compare.Check("the program", frame, expected, action, new Outcome(run.Action, run.Packet), counters);
        Compare.Flows("the program", expected.Flows, Kernel.Flows.ReadFlows(), expected.Pending, Kernel.Flows.ReadPending());

        var model = new Model.Datapath(world, new Tally());
        Outcome outcome = model.Run(frame);
        Compare.Check("the model", frame, expected, expected.Action, outcome, model.Tally.ToString());
        Compare.Full("the program", world, Kernel.Full);
        Compare.Flows("the model", expected.Flows, world.Flows, expected.Pending, world.Pending);
        Assert.Equal("", Compare.Differences(expected.Clients, Kernel.Clients.Read()));
        Assert.Equal("", Compare.Differences(expected.Clients, world.Clients));
        Assert.Equal("", Compare.Differences(world.Fragments, Kernel.Fragments.Read()));
        LastNews = Kernel.ReadNews();
        Assert.Equal(world.News, LastNews);
        world.News.Clear();
        Kernel.BudgetIsNow(world.Budget);
    });

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (!disposing)
        {
            return;
        }

        _work.CompleteAdding();
        if (_parts.IsValueCreated)
        {
            _parts.Value.Thread.Join();
            _parts.Value.Kernel.Dispose();
            _parts.Value.Surroundings.Dispose();
        }

        _work.Dispose();
    }

    internal Tally Counters() => Kernel.ReadCounters(
        [0, 1, 2, Scene.ServiceId, Scene.OtherServiceId, 5], [0, 1, 2, 3, 4]);

    private Parts Start()
    {
        var surroundings = new Surroundings();
        try
        {
            var thread = new Thread(() => surroundings.Invoke(Loop)) { Name = "datapath tests", IsBackground = true };
            thread.Start();
            return new Parts(surroundings, new KernelMirror(Hook, _spreads), thread);
        }
        catch
        {
            surroundings.Dispose();
            throw;
        }
    }

    private void Loop()
    {
        _threadId = Environment.CurrentManagedThreadId;
        Cpu.Stay(); // Each CPU has a budget of its own for what it may create.
        foreach (Action action in _work.GetConsumingEnumerable())
        {
            action();
        }
    }

    private sealed record Parts(Surroundings Surroundings, KernelMirror Kernel, Thread Thread);
}

[CollectionDefinition(Testbed.Name)]
public sealed class TestbedDefinition : ICollectionFixture<Testbed>;
