namespace Lb.Hocon.Tests;

public sealed class SelfReferenceTests
{
    [Theory]
    [InlineData("a=[1]\na=${a}[2]", """{"a":[1,2]}""")]
    [InlineData("path=\"a:b\"\npath=${path}\":c\"", """{"path":"a:b:c"}""")]
    [InlineData("foo={a:1}\nfoo=${foo}", """{"foo":{"a":1}}""")]
    [InlineData("foo={a:{c:1}}\nfoo=${foo.a}\nfoo={a:2}", """{"foo":{"a":2,"c":1}}""")]
    [InlineData("a=${?a}foo", """{"a":"foo"}""")]
    [InlineData("a=${?a}", "{}")]
    [InlineData("bar={foo:42,baz:${bar.foo}}\nbar={foo:43}", """{"bar":{"foo":43,"baz":43}}""")]
    [InlineData("bar={a:${foo.d},b:1}\nbar.b=3\nfoo={c:${bar.b},d:2}\nfoo.d=4", """{"bar":{"a":4,"b":3},"foo":{"c":3,"d":4}}""")]
    [InlineData("a={b:${?a}}", """{"a":{}}""")]
    public void Self_reference_looks_back(string text, string json) => Hocon.Same(json, text);

    [Theory]
    [InlineData("a=1\nb=2\na=${b}\nb=${a}")]
    [InlineData("a=1\na=${b}\nb=${a}")]
    public void Mutual_references_agree(string text)
    {
        HoconObject root = Hocon.Resolve(text);
        Assert.Equal(root.Fields[0].Value, root.Fields[1].Value);
    }

    [Theory]
    [InlineData("base={p:[1],p:${base.p}[2]}\nd=${base}{p:${d.p}[3]}", """{"base":{"p":[1,2]},"d":{"p":[1,2,3]}}""")]
    [InlineData("a={x:1,x:${a.x}0}\na=${a}{y:2}", """{"a":{"x":"10","y":2}}""")]
    [InlineData("base={x:1}\na=${base}\na={x:${a.x}0}", """{"base":{"x":1},"a":{"x":"10"}}""")]
    [InlineData("d={a:1,b:2}\ni=${d}\ni.a=3\nd.b=${i.a}", """{"d":{"a":1,"b":3},"i":{"a":3,"b":3}}""")]
    [InlineData("a={x:1}\na=${?no}\na={x:${a.x}2}", """{"a":{"x":"12"}}""")]
    [InlineData("a=1\na=${?no}\na=${a}2\na=${?no}\na=${a}3", """{"a":"123"}""")]
    public void Self_reference_looks_back_through_merged_objects(string text, string json) => Hocon.Same(json, text);

    [Theory]
    [InlineData("a+=1", """{"a":[1]}""")]
    [InlineData("a=[1]\na+=2\na += 3", """{"a":[1,2,3]}""")]
    [InlineData("a.b+=1\na.b+=[2]", """{"a":{"b":[1,[2]]}}""")]
    [InlineData("a+={x:1}\na+={y:2}", """{"a":[{"x":1},{"y":2}]}""")]
    [InlineData("b=[0],a=${b}\na+=1", """{"b":[0],"a":[0,1]}""")]
    [InlineData("a=[1]\na+=${?no}", """{"a":[1]}""")]
    [InlineData("a={\"0\":x}\na+=y", """{"a":["x","y"]}""")]
    [InlineData("a+=1\na=${a}[2]\na+=3", """{"a":[1,2,3]}""")]
    [InlineData("a+=1\na=[2]", """{"a":[2]}""")]
    [InlineData("1e+=1", """{"1e":[1]}""")]
    public void Plus_equals_appends(string text, string json) => Hocon.Same(json, text);

    [Theory]
    [InlineData("a=1\na+=2", "2:4", "an array to append to")]
    [InlineData("a={x:1}\na+=2", "2:4", "an array to append to")]
    [InlineData("a +\n=1", "1:3", "'+'")]
    public void Plus_equals_refuses_what_is_no_array(string text, string at, string says) => Hocon.Refused(text, at, says);

    [Theory]
    [InlineData("x=1\na=${a}", "2:3", "${a}")]
    [InlineData("a=${a}\na={x:1}", "1:3", "${a}")]
    [InlineData("a=${b}\nb=${a}", "2:3", "${b} -> ${a}")]
    [InlineData("a=${b}\nb=${c}\nc=${a}", "3:3", "${b} -> ${c} -> ${a}")]
    [InlineData("a=${a}x", "1:3", "${a}")]
    [InlineData("a=${b.c}\nb={c:${a}}", "2:6", "${b.c} -> ${a}")]
    [InlineData("a={b:${a.b.c}}", "1:6", "${a.b.c}")]
    [InlineData("a={b:${a}}", "1:6", "contains itself")]
    [InlineData("a=[${a}]", "1:4", "contains itself")]
    [InlineData("a={b:${c}}\nc={d:${a}}", "2:6", "contains itself")]
    [InlineData("a+=${a}", "1:4", "contains itself")]
    [InlineData("a={b:${a}{b:{c:1}}}", "1:13", "contains itself")]
    public void Cycle_is_refused(string text, string at, string says) => Hocon.Refused(text, at, says);

    [Fact]
    public void Cycle_is_one_error() => Assert.Single(Hocon.Errors("a=${b}\nb=${c}\nc=${a}\nd=${a}"));
}
