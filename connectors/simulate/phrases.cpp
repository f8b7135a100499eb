#include "connectors/simulate/phrases.h"

namespace simulate {
namespace {

using enum Topic;

// clang-format off
constexpr Phrase kPhrases[] = {
    {elevator, k12345, "complaint", "elevator", 3, "电梯运行时抖动、异响，多次向物业反映无人处理"},
    {elevator, k12345, "complaint", "elevator", 3, "电梯停用三天了没人修，老人上下楼困难"},
    {elevator, k12345, "complaint", "elevator", 2, "有人把电瓶车推进电梯充电，存在安全隐患"},
    {elevator, k12345, "complaint", "elevator", 2, "电梯关门太快夹到孩子，物业说是正常的"},
    {elevator, k12345, "complaint", "elevator", 2, "电梯按钮失灵，每天早上都要等十几分钟"},
    {elevator, k12345 | k12315, "report", "elevator", 3, "维保单位没有按时保养，维保记录是补的"},
    {elevator, k12345 | k12315, "report", "elevator", 2, "电梯检验标志还是去年的，照样在用"},
    {elevator, k12345, "consult", "elevator", 3, "请问电梯年检标志过期了还能用吗"},
    {elevator, k12345, "consult", "elevator", 2, "上个月投诉的电梯困人，处理结果是什么"},
    {elevator, k12345 | k12348, "consult", "elevator", 2, "老房子加装电梯费用怎么分摊，要几户同意"},
    {elevator, k12345, "help", "elevator", 1, "电梯停了，家里老人坐轮椅下不了楼，请帮忙联系物业"},

    {kitchen, k12315 | k12345, "complaint", "food", 3, "吃出一只小虫，店家拒不退款"},
    {kitchen, k12345, "complaint", "food", 3, "炒菜的师傅不戴口罩也不戴帽子，隔着玻璃看得一清二楚"},
    {kitchen, k12345 | k12319, "complaint", "food", 2, "泔水桶没有盖子就放在灶台旁边，苍蝇乱飞"},
    {kitchen, k12315 | k12345, "complaint", "food", 3, "点的外卖送到已经馊了，要求退款赔偿"},
    {kitchen, k12345, "complaint", "food", 1, "晚上十点多还在门外洗碗，污水流了一地"},
    {kitchen, k12315 | k12345, "report", "food", 3, "亲眼看到老鼠从厨房窜到大堂，我拍了照片"},
    {kitchen, k12315, "report", "food", 2, "用的是过期调料，员工偷偷换标签"},
    {kitchen, k12315, "report", "food", 2, "冷菜和生肉放在同一个柜子里，没有分开"},
    {kitchen, k12345, "report", "kitchen", 2, "没有健康证的人在切菜，老板说明天补办"},
    {kitchen, k12345 | k12315, "consult", "food", 2, "请问开一家面馆需要办哪些许可"},
    {kitchen, k12345, "consult", "food", 1, "这家店的明厨亮灶视频在哪里能看到"},
    {kitchen, k12315 | k12348, "consult", "food", 2, "饭店不肯开发票，可以向哪里投诉"},
    {kitchen, k12345 | k12315, "help", "food", 1, "三个同事吃完饭上吐下泻已经在医院，请马上派人去查"},

    {shop, k12345 | k12319, "complaint", "street", 4, "水果筐摆到人行道上，轮椅过不去"},
    {shop, k12345 | k12319, "complaint", "street", 3, "店家把桌子摆在门口占道，晚上吵得很"},
    {shop, k12345 | k12319, "complaint", "street", 2, "占道促销，音响对着马路放，劝了不听"},
    {shop, k12319, "complaint", "street", 2, "跨门经营天天有，执法的一走又摆出来"},
    {shop, k12319, "report", "street", 2, "店主把盲道当货架，跨门堆货"},
    {shop, k12345, "report", "street", 2, "没有备案就搭了棚子占道卖早点"},
    {shop, k12315, "complaint", "shop", 2, "买的水果缺斤短两，要求退差价"},
    {shop, k12345 | k12319, "consult", "street", 2, "请问店门口外摆要到哪里备案"},
    {shop, k12319 | k12348, "consult", "shop", 1, "外摆备案到期了怎么续，不续要罚款吗"},
    {shop, k12345 | k12319, "help", "street", 1, "店招被风吹得摇摇晃晃，快要掉下来了，请快来人"},

    {nobody, k12328, "complaint", "transport", 2, "出租车绕路还拒绝给发票，司机态度恶劣"},
    {nobody, k12328 | k12345, "consult", "transport", 2, "请问浦东机场大巴的末班车是几点"},
    {nobody, k12328, "report", "transport", 1, "网约车司机一边开车一边看视频，很危险"},
    {nobody, k12328, "help", "transport", 1, "手机落在出租车上了，只记得车是绿色的，请帮忙找"},
    {nobody, k12348, "consult", "law", 2, "邻居装修漏水到我家，能不能起诉"},
    {nobody, k12348, "consult", "law", 2, "公司拖欠工资两个月，怎么申请法律援助"},
    {nobody, k12348, "consult", "law", 2, "租约没到期房东要收回房子，该怎么办"},
    {nobody, k12348 | k12345, "help", "law", 1, "家里有人动手打我，想申请人身安全保护令"},
    {nobody, k12345, "complaint", "noise", 2, "半夜工地打桩，吵得一家人睡不着"},
    {nobody, k12345 | k12319, "complaint", "road", 2, "路灯不亮一个星期了，晚上走路看不见"},
    {nobody, k12319, "report", "road", 1, "有人往河道里倒建筑垃圾，水都黑了"},
    {nobody, k12345, "consult", "civil", 2, "居住证到期怎么续签，要带什么材料"},
    {nobody, k12315, "consult", "consumer", 1, "网上买的手机不给退，卖家在外地，归谁管"},
    {nobody, k12345, "help", "civil", 1, "家里老人走失了，穿蓝色外套，请帮忙找一找"},
};
constexpr std::string_view kTrapped[] = {
    "电梯困人，求助",
    "我们被困在电梯里了，门打不开，电梯困人请尽快派人",
    "困人了，有老人在里面，请快来",
    "老人关在电梯里出不来了，请救救他",
};
// clang-format on

}  // namespace

std::span<const Phrase> phrases() {
  return kPhrases;
}

std::span<const std::string_view> trapped_phrases() {
  return kTrapped;
}

}  // namespace simulate
