using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Lb.Kernel;

namespace Lb.Actors.Tests;

/// <summary>The promise of the slot rule: no flow of a living backend ever moves, whatever happens to the pool.</summary>
public class FlowConsistencyTests
{
    private const int Slots = 11;
    private const int Backends = 5;

    public static TheoryData<TransportProtocol, Tracking> Kinds => new()
    {
        { TransportProtocol.Tcp, Tracking.Minimal },
        { TransportProtocol.Tcp, Tracking.Full },
        { TransportProtocol.Udp, Tracking.Minimal },
        { TransportProtocol.Udp, Tracking.Full },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void No_flow_of_a_living_backend_moves_whatever_happens_to_the_pool(
        TransportProtocol protocol, Tracking tracking) => Properties.Hold(
        Steps,
        500,
        steps =>
        {
            SlotRuleModel model = new(Config(protocol, tracking));
            for (int backend = 1; backend < Backends; backend++)
            {
                model.Judge(backend, up: true);
            }

            foreach ((Step kind, int number) in steps)
            {
                Take(model, kind, number);
                model.Talk(number);
            }
        });

    [Theory]
    [InlineData(Tracking.Minimal)]
    [InlineData(Tracking.Full)]
    public void Clients_are_told_of_every_flow_that_has_lost_its_backend_and_of_no_other(Tracking tracking)
    {
        int told = 0;
        Properties.Hold(Steps, 1000, steps =>
        {
            SlotRuleModel model = new(Config(TransportProtocol.Tcp, tracking) with { DeadFlows = DeadFlows.Reset });
            for (int backend = 1; backend < Backends; backend++)
            {
                model.Judge(backend, up: true);
            }

            foreach ((Step kind, int number) in steps)
            {
                Take(model, kind, number);
                model.Talk(number);
                told += model.TalkOfLost(number);
            }
        });
        Assert.True(told > 100, $"only {told} flows have lost their backend");
    }

    [Theory]
    [InlineData(Tracking.Minimal)]
    [InlineData(Tracking.Full)]
    public void Slots_of_a_dead_backend_become_clean_too(Tracking tracking)
    {
        SlotRuleModel model = new(Config(TransportProtocol.Tcp, tracking) with { DeadFlows = DeadFlows.Reset });
        model.Judge(1, up: true);
        model.Judge(2, up: true);
        for (int slot = 0; slot < Slots; slot++)
        {
            model.Open(slot);
        }

        model.Judge(1, up: false);
        Assert.NotEqual(0, model.Moved);
        model.Advance(SlotRuleModel.Memory);
        model.Sweep();
        model.Sweep();
        Assert.Equal(0, model.Moved);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void When_all_is_quiet_the_slots_become_clean(TransportProtocol protocol, Tracking tracking)
    {
        SlotRuleModel model = new(Config(protocol, tracking));
        for (int backend = 1; backend < Backends; backend++)
        {
            model.Judge(backend, up: true);
        }

        for (int slot = 0; slot < Slots; slot++)
        {
            model.Open(slot);
        }

        model.Configure(config => Change(config, 1, b => b with { Admin = BackendAdmin.Drain }));
        model.Talk(0);
        model.Talk(1);
        Assert.NotEqual(0, model.Moved);
        Assert.Equal(Slots, model.Flows);

        model.Advance(SlotRuleModel.Memory);
        model.Sweep();
        model.Sweep();
        Assert.Equal(0, model.Moved);
        Assert.True(tracking == Tracking.Full || model.Entries == 0, "entries are left on clean slots");
    }

    [Fact]
    public void A_flow_that_goes_on_keeps_its_slot_moved_and_no_other()
    {
        SlotRuleModel model = new(Config(TransportProtocol.Tcp, Tracking.Minimal));
        model.Judge(1, up: true);
        model.Open(4);
        model.Judge(2, up: true);
        model.Configure(config => Change(config, 1, b => b with { Admin = BackendAdmin.Drain }));
        Assert.Equal(Slots, model.Moved);
        for (int i = 0; i < 40; i++)
        {
            model.Advance(TimeSpan.FromMinutes(1));
            model.Talk(i);
            model.Talk(i + 1);
            model.Sweep();
        }

        Assert.Equal(1, model.Moved);
        Assert.Equal(1, model.Entries);
    }

    private static Gen<List<(Step Kind, int Number)>> Steps =>
        (from kind in Gen.Frequency(
            (4, Gen.Constant(Step.Open)),
            (4, Gen.Constant(Step.Talk)),
            (3, Gen.Constant(Step.Sweep)),
            (2, Gen.Constant(Step.Wait)),
            (2, Gen.Constant(Step.Rise)),
            (2, Gen.Constant(Step.Fall)),
            (2, Gen.Constant(Step.Admin)),
            (1, Gen.Constant(Step.Weight)),
            (1, Gen.Constant(Step.Slow)),
            (1, Gen.Constant(Step.Backup)),
            (1, Gen.Constant(Step.Panic)),
            (1, Gen.Constant(Step.Drained)))
         from number in Gen.Choose(0, 999)
         select (kind, number)).ListOf();

    private static void Take(SlotRuleModel model, Step kind, int number)
    {
        int backend = 1 + (number % Backends);
        switch (kind)
        {
            case Step.Open:
                model.Open(number % Slots);
                break;
            case Step.Talk:
                model.Talk(number);
                break;
            case Step.Sweep:
                model.Sweep();
                break;
            case Step.Wait:
                model.Advance(TimeSpan.FromSeconds(number));
                break;
            case Step.Rise:
                model.Judge(backend, up: true);
                break;
            case Step.Fall:
                model.Judge(backend, up: false);
                break;
            case Step.Admin:
                model.Configure(c => Change(c, backend, b => b with { Admin = (BackendAdmin)(number / 7 % 2) }));
                break;
            case Step.Slow:
                model.Judge(backend, up: true, (byte)(number / 7 % (SlowStart.Steps + 1)));
                break;
            case Step.Backup:
                model.Configure(c => Change(c, backend, b => b with { Backup = !b.Backup }));
                break;
            case Step.Panic:
                model.Configure(c => c with { Pool = c.Pool with { PanicThreshold = number % 3 * 0.5 } });
                break;
            case Step.Drained:
                model.EndDrains(Enumerable.Range(1, Backends).Where(b => (number >> b & 1) != 0));
                break;
            default:
                model.Configure(config => Change(config, backend, b => b with { Weight = number % 200 }));
                break;
        }
    }

    private static ServiceConfig Config(TransportProtocol protocol, Tracking tracking)
    {
        ServiceConfig config = Configs.Service(
            [.. Enumerable.Range(1, Backends).Select(number => Configs.Backend(number))]);
        return config with
        {
            Slots = Slots,
            Tracking = tracking,
            Vip = config.Vip with { Protocol = protocol },
            FlowMemory = SlotRuleModel.Memory,
            Pool = new PoolPolicy { SlowStart = TimeSpan.FromSeconds(30) },
        };
    }

    private static ServiceConfig Change(ServiceConfig config, int number, Func<BackendConfig, BackendConfig> change)
    {
        ImmutableSortedDictionary<string, BackendConfig> pool = config.Backends;
        return config with { Backends = pool.SetItem($"b{number}", change(pool[$"b{number}"])) };
    }

    private enum Step
    {
        Open,
        Talk,
        Sweep,
        Wait,
        Rise,
        Fall,
        Admin,
        Weight,
        Slow,
        Backup,
        Panic,
        Drained,
    }
}
