//! The lists that names are drawn from: given names that many people have, and family
//! names, of which the English, Irish and Scottish ones are put together from parts.

use super::Heritage;

/// Names of one heritage. Each text is a list with spaces between.
pub(super) struct Lists {
    pub women: &'static str,
    pub men: &'static str,
    /// First halves of family names, or whole ones when `ends` is empty.
    pub family: &'static str,
    /// Second halves.
    pub ends: &'static str,
}

pub(super) fn lists(heritage: Heritage) -> Lists {
    match heritage {
        Heritage::English => Lists {
            women: "Abigail Alice Amanda Angela Ann Barbara Beth Carol Chloe Christine Claire Debbie Donna Dorothy Elaine Ellie Emma Fay Gemma Georgia Grace Hannah Hazel Heather Helen Holly Jackie Jade Jan Jean Jenny Jo Josie Julie Karen Kate Kerry Kim Laura Leanne Linda Lisa Lorna Louise Lucy Lyn Maggie Marion Maureen Megan Molly Natalie Nicola Olive Pam Pat Paula Pauline Rachel Rosie Ruth Sally Sandra Sharon Sheila Shirley Sophie Stacey Sue Tina Tracey Val Wendy Zoe",
            men: "Aaron Adam Alan Alfie Andy Arthur Barry Ben Bernard Bill Brian Callum Carl Charlie Chris Clive Colin Craig Dale Dan Darren Dave Dean Dennis Derek Doug Eddie Eric Frank Fred Gareth Gary Geoff George Glen Graham Greg Harry Ian Jack Jake Jamie Jeff Jim Joe John Josh Keith Ken Kev Lee Les Liam Luke Mark Martin Matt Mick Mike Neil Nick Nigel Norman Pete Phil Ray Reg Rob Roger Ron Ryan Sam Scott Shane Simon Stan Steve Stuart Ted Terry Tim Tom Tony Trevor Vic Wayne Will",
            family: "Ambler Apple Ash Ald Barrow Beck Bird Black Bram Broad Brook Burn Castle Cherry Clay Clough Copp Cow Crab Crane Dale Dark Dun Edge Elder Fair Farn Fen Field Fox Garth Gold Green Hather Hazel Heath Hem High Holl Horn Ing Kirk Lark Ling Long Mallow Marsh Meadow Mill Moor Moss Nettle North Oak Orch Pen Pick Quarr Raven Red Rill Rook Rush Sand Sedge Shaw Silver South Stan Stone Summer Swin Thistle Thorn Till Under Wake Wal Water Wells West Whin White Wick Wild Willow Wind Winter Wood Yar",
            ends: "ley ton field wick worth by combe croft dale den ford garth gate ham hurst ing land low man more ridge shaw side stall stead thorpe wade well wright",
        },
        Heritage::Irish => Lists {
            women: "Aine Aoife Bernadette Bridget Caitlin Ciara Colleen Deirdre Eileen Fionnuala Grainne Kathleen Maeve Mairead Margaret Mary Maura Niamh Noreen Nuala Oonagh Orla Patricia Roisin Sinead Siobhan Teresa Una",
            men: "Aidan Brendan Cathal Ciaran Colm Conor Cormac Declan Dermot Desmond Donal Eamon Emmet Eoin Fergal Finbar Gerard Kieran Malachy Michael Niall Oisin Padraig Pat Ronan Rory Seamus Sean",
            family: "O'Br O'Cald O'Car O'Fin O'Gar O'Hal O'Lan O'Mul O'Rath O'Shan McAr McBr McCol McDun McGar McKil McLan McMur McRath Don Fin Gal Hen Kil Len Mor Quin Rior Shan Tier",
            ends: "agan an arty avan ean egan ehan erin igan ihy ilan innan oran ullan",
        },
        Heritage::Scottish => Lists {
            women: "Agnes Ailsa Catriona Eilidh Elspeth Fiona Flora Iona Isla Jean Kirsty Lesley Lorna Mairi Mhairi Moira Morag Morven Rhona Sheena Shona Skye",
            men: "Alasdair Angus Archie Blair Bruce Callum Cameron Craig Donald Dougal Douglas Duncan Ewan Fergus Finlay Fraser Gordon Gregor Hamish Iain Keir Kenneth Lachlan Malcolm Murdo Rory Stuart",
            family: "Mac Ab Ach Ald Auch Bal Bel Cal Car Dal Drum Dun Fin Gair Glen Inver Kil Kin Loch Mon Pit Strath Tor Tull",
            ends: "aird ardie arrow beath caskie coll dorran earn farlane gannon keith larty loch muir neil ness ochy rannie roy tosh",
        },
        Heritage::Polish => Lists {
            women: "Agata Agnieszka Alicja Aneta Anna Barbara Beata Dorota Ewa Halina Irena Iwona Joanna Jolanta Justyna Katarzyna Magda Malgorzata Marta Monika Renata Wanda Zofia",
            men: "Adam Andrzej Bartek Dariusz Dawid Grzegorz Jacek Jakub Jan Janusz Jerzy Kamil Krzysztof Leszek Lukasz Maciej Marcin Marek Mateusz Michal Pawel Piotr Rafal Tomasz Wojciech",
            family: "Bielan Borow Brzez Chmiel Dobrow Gorzel Jagod Jasien Kalin Klon Krasn Lipow Malin Olszan Orzech Paproc Rzecz Sosn Szalw Topol Wierzb Wrzos Zielon",
            ends: "ek iak icz ski",
        },
        Heritage::Romanian => Lists {
            women: "Adriana Alina Ana Andreea Camelia Corina Cristina Daniela Doina Elena Gabriela Ileana Ioana Irina Larisa Lavinia Mihaela Nicoleta Raluca Roxana Simona Viorica",
            men: "Adrian Alexandru Andrei Bogdan Catalin Ciprian Claudiu Cosmin Costel Cristian Dragos Florin Gheorghe Ionut Iulian Laurentiu Lucian Marius Mihai Nicolae Petru Radu Sorin Vasile",
            family: "Alb Brad Bucur Campean Cir Codr Fagar Floc Frunz Graur Lungoc Manol Mesteac Murg Negr Paltin Pad Poian Rares Salc Stejar Teior Zamfir",
            ends: "an ar ean escu oiu",
        },
        Heritage::Roma => Lists {
            women: "Carmen Crina Darina Eva Florica Jana Kveta Lenka Luminita Marcela Mirela Rahela Rozalia Sabina Sara Vera Zlata Zuzana",
            men: "Bela Costica Dezider Emil Florian Gejza Ilie Jozef Kalman Ladislav Lajos Marian Milan Petrica Rupa Stefan Traian Vojtech",
            family: "Balvan Bihar Cerven Dancel Demet Goral Horen Kolomp Lakat Mirg Oravec Podol Rafan Samel Torak",
            ends: "a ar ik o u",
        },
        Heritage::Ukrainian => Lists {
            women: "Anastasiia Daryna Halyna Hanna Iryna Kateryna Khrystyna Larysa Liudmyla Mariia Nadiia Nataliia Oksana Olena Solomiia Svitlana Tetiana Yuliia",
            men: "Andrii Bohdan Danylo Dmytro Ihor Ivan Kyrylo Maksym Mykola Mykhailo Nazar Oleh Oleksandr Ostap Petro Serhii Taras Vasyl Viktor Yurii",
            family: "Bilozir Chornob Dubrov Horob Kalyn Kravchyn Lozov Malyn Ozern Polunyn Skorob Sokolen Topol Verb Vyshn Yasen Zaliz",
            ends: "chuk enko iak iuk yshyn",
        },
        Heritage::Portuguese => Lists {
            women: "Ana Beatriz Carla Catarina Conceicao Fatima Filipa Ines Isabel Joana Lurdes Madalena Mafalda Marta Rita Rosa Sandra Sofia Teresa",
            men: "Afonso Antonio Bruno Carlos Diogo Duarte Fernando Filipe Goncalo Henrique Hugo Joao Jorge Luis Manuel Miguel Nuno Paulo Pedro Rui Tiago Vasco",
            family: "Alecrim Amieiro Azinhal Bonfim Canavial Carvalhal Freixial Giestal Lagoeiro Loureiral Medronho Oliveiral Penedal Pinhal Ribeirao Sobral Torreao Valongo Vinhal",
            ends: "",
        },
        Heritage::Pakistani => Lists {
            women: "Aisha Amina Asma Bushra Farah Farzana Fozia Hina Humaira Iqra Kiran Maryam Mehwish Nadia Naila Nargis Nasreen Noreen Parveen Rabia Razia Rukhsana Saba Saima Samina Sana Shabana Shazia Sumaira Tahira Uzma Yasmin Zainab Zara",
            men: "Aamir Adeel Adnan Ahsan Ali Amjad Arshad Asif Atif Bilal Faisal Fahad Farhan Hamza Haroon Hassan Imran Iqbal Irfan Javed Junaid Kamran Kashif Khalid Majid Nadeem Nasir Naveed Omar Rashid Rizwan Saeed Sajid Shahid Shoaib Tahir Tariq Umar Usman Waqas Yasir Zahid Zubair",
            family: "Abbasi Ahmed Akhtar Ali Anjum Arif Aslam Awan Aziz Bashir Begum Bhatti Bibi Butt Chaudhry Dar Farooq Ghani Hafeez Haider Hameed Hanif Hussain Ikram Ishaq Jamil Khalil Khan Latif Mahmood Malik Mehmood Mirza Mughal Mushtaq Nawaz Niaz Parvez Qureshi Rafiq Raja Rasheed Sabir Saleem Shah Sharif Siddiq Yaqub Yousaf Zaman",
            ends: "",
        },
        Heritage::Bangladeshi => Lists {
            women: "Afsana Amena Anjuman Farhana Ferdousi Halima Hasina Jahanara Jasmin Khadija Lubna Mahfuza Monwara Nahida Nasima Nazma Rahela Rehana Rokeya Rumana Salma Shahana Shamima Shirin Sufia Sultana Taslima",
            men: "Abdul Anwar Ashraful Azizur Delwar Emdad Faruk Habibur Jamal Jahangir Kamal Khairul Mahbub Mizan Monir Mostafa Nazrul Nurul Rafiqul Rezaul Ruhul Sadek Shafiq Shahin Sirajul Tofazzal",
            family: "Ahmed Akter Alam Ali Begum Bhuiyan Chowdhury Haque Hossain Islam Khatun Khanam Miah Mollah Nessa Rahman Sarkar Shikder Talukdar Uddin Ullah",
            ends: "",
        },
        Heritage::Indian => Lists {
            women: "Amrit Anita Anjali Bhavna Deepa Gurpreet Harjit Hema Jaswinder Jyoti Kamaljit Kavita Lakshmi Manjit Meena Neha Nisha Parminder Pooja Priti Rajni Rekha Ritu Savita Shanta Sunita Surinder Usha Varsha",
            men: "Ajay Amit Anil Arjun Ashok Balbir Baldev Bharat Deepak Dinesh Gurdeep Harpal Hitesh Jagdish Jasbir Kuldip Mahesh Manish Mohinder Mukesh Naresh Pankaj Prakash Rajesh Rakesh Ramesh Ranjit Sanjay Satish Sukhdev Sunil Suresh Vijay Vikram",
            family: "Acharya Bains Bhatt Chauhan Dave Desai Dhaliwal Dhillon Gandhok Gill Goswami Grewal Iyer Jadeja Joshi Kapoor Kaur Lakhani Mahal Mehta Mistry Nair Pandya Parmar Patel Pillai Rana Raval Saini Sandhu Shah Sharma Sidhu Singh Solanki Thakkar Thind Varma Vyas",
            ends: "",
        },
        Heritage::Nigerian => Lists {
            women: "Abimbola Adaeze Adanna Ayodele Blessing Bukola Chiamaka Chidinma Chioma Ebele Folake Funmilayo Halimat Ifeoma Ijeoma Kehinde Ngozi Nkechi Nneka Oluchi Omolara Ronke Simisola Temitope Titilayo Yetunde",
            men: "Abayomi Adebayo Akin Babatunde Chidi Chike Chinedu Dayo Ebuka Emeka Femi Gbenga Ifeanyi Ikenna Kayode Kunle Nnamdi Obinna Olumide Segun Seyi Sola Taiwo Tobi Tunde Uche",
            family: "Abegunrin Adelakun Adewunmi Afolarin Agbodike Akinruntan Alabior Amaechina Anyasodo Ayorinola Balogunde Chukwudile Egbunike Ezeobiora Fadahunsi Iheanetu Ilesanmide Ndukaeze Nwabugwu Obiakor Odewumi Ogunleke Okaforji Olatunbor Onwualu Osundare Sowemide Ugochinyere",
            ends: "",
        },
        Heritage::Ghanaian => Lists {
            women: "Abena Adwoa Afia Afua Akosua Akua Ama Araba Comfort Dede Efua Ekua Esi Gifty Mansa Mawusi Naa Patience Serwaa Yaa",
            men: "Ato Ebo Ekow Fiifi Kobina Kofi Kojo Kwabena Kwadwo Kwaku Kwame Kwasi Kwesi Mawuli Nii Paa Sena Yaw Yoofi",
            family: "Aboagyewa Acheamfour Adjeikum Agyapomaa Amankwando Amponsem Ankrahene Antwibo Asantewor Ayisibea Baidoosu Boakyewaa Dankwabi Donkorsu Gyasibour Kwartengbi Mensabour Nkansabea Obengfo Odurofi Oforiwa Opokuware Owusuban Quayeson Sarkodee Tettehfio",
            ends: "",
        },
        Heritage::Caribbean => Lists {
            women: "Althea Beverley Carlene Charmaine Claudette Cynthia Delores Denise Dionne Donette Edna Gloria Hyacinth Icilda Ionie Jacqueline Joyce Keisha Lorraine Marcia Marva Merlene Monica Myrtle Novlette Pearl Rohanna Sonia Sylvia Verna Yvonne",
            men: "Alton Barrington Byron Carlton Clement Clyde Courtney Cuthbert Delroy Desmond Devon Donovan Earl Errol Everton Fitzroy Glenroy Horace Junior Kadeem Lascelles Leroy Linton Lloyd Marlon Milton Neville Norris Orville Owen Ransford Roy Rupert Trevor Tyrone Vernon Wilton Winston",
            family: "Bayl Brath Camp Cham Clar Cole Dal Dav Ell Fern Forr Gord Grav Har Hend Lest Linc Mait Mar Mont Mor Nel Pal Pow Rich Sal Sim Stir Thor Walc Whyt Wynt",
            ends: "berlain bourne croft dine ester field ford gate ington ley man mond more oway ris rod ston ton ville wood",
        },
        Heritage::Somali => Lists {
            women: "Amal Asha Ayaan Faduma Fartun Filsan Halimo Hamdi Hani Hibaq Hodan Ifrah Khadra Ladan Maryan Muna Nimco Sagal Sahra Shukri Ubah Zamzam",
            men: "Abdi Abdirahman Abdullahi Ahmed Ayanle Bashir Bile Cabdi Daud Faarax Guled Hassan Ibrahim Jama Khalif Liban Mahad Mohamud Mukhtar Omar Osman Said Warsame Yusuf",
            family: "Abukar Adanle Ahmedey Bihi Dahirow Dirieh Egaleh Elmi Farahle Gedi Geedi Hashow Hirsiyo Jamaleh Kahin Mahdile Nurow Roblow Samatale Shirdon Warfaye Yonisle",
            ends: "",
        },
        Heritage::Eritrean => Lists {
            women: "Abeba Almaz Azmera Bisrat Feven Freweini Genet Hiwet Letebrhan Mebrat Merhawit Saba Selam Senait Tsega Winta Yordanos",
            men: "Abel Aman Berhane Biniam Dawit Efrem Filmon Girmay Habtom Isaias Kidane Mehari Merhawi Natnael Robel Samson Tesfay Yonas Zerai",
            family: "Andegiorg Asmelazgi Beraki Embaiye Fessehatsion Gebrekal Ghilay Habtezion Kahsaye Mengisab Ogbazgi Okbamikal Tekleab Tewoldeb Weldegab Woldeslas Zemuyat",
            ends: "",
        },
        Heritage::Arab => Lists {
            women: "Abeer Amal Amira Dalal Dina Fatima Ghada Hala Hanan Huda Iman Khadija Layla Lubna Maha Mariam Nour Rania Rasha Reem Samar Sawsan Zeinab",
            men: "Adel Ahmad Amin Basel Fadi Faris Ghassan Hadi Hani Hisham Karim Khaled Mahmoud Majed Mazen Mustafa Nabil Omar Rami Samer Sami Tarek Walid Yousef Ziad",
            family: "Abboud Albaytari Aldarwish Alhaddad Alkhatab Almasri Alnajar Alqadiri Alsabbagh Attar Awadallah Barakat Darwish Fayad Hamdan Jarrah Kanaan Mansour Naffaa Odeh Qabbani Rashwan Saqqaf Shihab Tawil Zaytoun",
            ends: "",
        },
        Heritage::Kurdish => Lists {
            women: "Avan Berivan Chnar Dilan Gulan Hana Helin Jwan Nasrin Newroz Parwin Rojin Rozhan Shilan Sozan Trifa Zilan",
            men: "Aram Azad Baran Diyar Dlshad Hawar Hiwa Karwan Kawa Nechir Rebin Rebwar Rojhat Sarkawt Sherko Shwan Soran Zana",
            family: "Amedan Bakran Barzanlo Dolanji Galalay Hawraman Jafkoy Karimzad Mirawdan Pirmanli Qaradaghan Rashkoy Shekhan Soranlo Zangal",
            ends: "",
        },
        Heritage::Chinese => Lists {
            women: "Hui Jing Lan Li Ling Mei Min Na Ping Qing Shu Xia Xiaoling Xiu Yan Ying Yuet Yun Zhen",
            men: "Bo Chao Feng Gang Guowei Hao Jian Jun Kwok Lei Ming Peng Qiang Tao Wai Wei Xiang Yong Zhi",
            family: "Chan Cheung Chow Fung Guo He Ho Huang Kwan Lai Lam Lau Leung Liang Lin Luo Ng Pang Song Sun Tang Tsang Wan Wong Wu Xie Yeung Yip Zhou",
            ends: "",
        },
        Heritage::Vietnamese => Lists {
            women: "Anh Bich Dung Hanh Hoa Hong Huong Lan Linh Mai Ngoc Nhung Phuong Thao Thu Trang Tuyet Yen",
            men: "Binh Cuong Dat Duc Dung Hai Hieu Hung Khanh Long Minh Nam Phong Quang Son Tai Thanh Tuan Vinh",
            family: "Bui Cao Dang Dinh Do Duong Ha Ho Hoang Huynh Le Luong Ly Ngo Nguyen Pham Phan Tran Trinh Truong Vo Vu",
            ends: "",
        },
    }
}
