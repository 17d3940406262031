using FsCheck.Fluent;

namespace Lb.Actors.Tests;

public class IndexAllocatorTests
{
    [Fact]
    public void A_key_keeps_its_index()
    {
        IndexAllocator<string> allocator = Allocate(new(1, 10), "a", out uint first);
        Allocate(allocator, "a", out uint second);
        Assert.Equal(first, second);
    }

    [Fact]
    public void A_key_that_comes_back_gets_the_index_that_rests_for_it()
    {
        IndexAllocator<string> allocator = Allocate(new(1, 10), "a", out uint first).Release("a", now: 5);
        Assert.Equal([KeyValuePair.Create(first, 5L)], allocator.Resting);
        allocator = Allocate(allocator, "a", out uint second);
        Assert.Equal(first, second);
        Assert.False(allocator.HasResting);
    }

    [Fact]
    public void An_index_that_rests_is_not_given_out()
    {
        IndexAllocator<string> allocator = Allocate(new(0, 1), "a", out _).Release("a", now: 0);
        Assert.False(allocator.TryAllocate("b", out _, out _));
        Assert.True(allocator.Free(0).TryAllocate("b", out _, out uint index));
        Assert.Equal(0u, index);
    }

    [Fact]
    public void An_index_without_a_key_rests_too()
    {
        IndexAllocator<string> allocator = new IndexAllocator<string>(0, 2).Rest(1, now: 3);
        allocator = Allocate(allocator, "a", out uint first);
        Assert.Equal(0u, first);
        Assert.False(allocator.TryAllocate("b", out _, out _));
    }

    [Fact]
    public void An_index_in_use_is_not_freed()
    {
        IndexAllocator<string> allocator = Allocate(new(0, 4), "a", out uint index).Free(index);
        Assert.True(allocator.InUse.ContainsKey("a"));
    }

    [Fact]
    public void An_index_cannot_be_adopted_twice() =>
        Assert.Throws<ArgumentException>(() => new IndexAllocator<string>(0, 4).Adopt("a", 1).Adopt("b", 1));

    [Fact]
    public void No_index_ever_has_two_owners() => Properties.Hold(
        Gen.Choose(0, 299).ListOf(),
        200,
        steps =>
        {
            IndexAllocator<int> allocator = new(1, 9);
            Dictionary<int, uint> model = [];
            HashSet<uint> resting = [];
            foreach (int step in steps)
            {
                int key = step % 20;
                switch (step / 100)
                {
                    case 0 when allocator.TryAllocate(key, out IndexAllocator<int> after, out uint index):
                        Assert.True(
                            model.GetValueOrDefault(key, index) == index && index is >= 1 and < 9,
                            "a key's index changed or is out of range");
                        resting.Remove(index);
                        allocator = after;
                        model[key] = index;
                        break;
                    case 0:
                        Assert.Equal(8, model.Count + resting.Count);
                        break;
                    case 1 when model.Remove(key, out uint released):
                        allocator = allocator.Release(key, step);
                        resting.Add(released);
                        break;
                    case 2 when resting.Remove((uint)key):
                        allocator = allocator.Free((uint)key);
                        break;
                    default:
                        break;
                }

                Assert.Equal(model.OrderBy(pair => pair.Key), allocator.InUse.OrderBy(pair => pair.Key));
                Assert.Equal(resting.Order(), allocator.Resting.Select(pair => pair.Key).Order());
                Assert.Empty(model.Values.Intersect(resting));
                Assert.Equal(model.Count, model.Values.Distinct().Count());
            }
        });

    private static IndexAllocator<string> Allocate(IndexAllocator<string> allocator, string key, out uint index)
    {
        Assert.True(allocator.TryAllocate(key, out IndexAllocator<string> after, out index));
        return after;
    }
}
